"""Files as editors and people write them: marks, encodings, line ends, and files that are no Python at all."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mpdt_hooks import Outcome
from tests.harness import Workspace, explain

BODY = "def f():\n    return {value}\n"
UMLAUT = 'def f():\n    return "{value}ü"\n'

WAYS: dict[str, Callable[[str], bytes]] = {
    "UTF-8 with a byte-order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "an encoding cookie": lambda text: ("# -*- coding: latin-1 -*-\n" + text).encode("latin-1"),
    "a cookie on line two": lambda text: ("#!/usr/bin/env python\n# coding: cp1252\n" + text).encode("cp1252"),
    "a GBK cookie": lambda text: ("# coding: gbk\n" + text.replace("ü", "你好")).encode("gbk"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "mixed line ends": lambda text: text.replace("\n", "\r\n", 1).encode(),
    "tabs": lambda text: text.replace("    ", "\t").encode(),
    "form feeds": lambda text: ("\f\n" + text.replace("def", "\fdef") + "\f\n").encode(),
    "no final newline": lambda text: text.rstrip("\n").encode(),
    "a final backslash line": lambda text: (text + "x = 1 + \\\n    1\n").encode(),
    "UTF-8 names": lambda text: ("naïve = 1\n" + text).encode(),
    "a line separator in a string": lambda text: ("s = '\u2028\x0b\x1c'\n" + text).encode(),
    "spaces at the ends of lines": lambda text: text.replace("\n", "  \n").encode(),
    "a very long line": lambda text: ("x = [" + "1, " * 5000 + "]\n" + text).encode(),
}


@pytest.mark.parametrize("text", [BODY, UMLAUT], ids=["ascii", "umlaut"])
@pytest.mark.parametrize("way", WAYS)
def test_a_body_is_patched_however_the_file_is_written(ws: Workspace, way: str, text: str) -> None:
    encode = WAYS[way]
    ws["a.py"] = encode(text.format(value=1))
    a = ws.start("a")
    first = a.f()
    ws.expect_patched({"a.py": encode(text.format(value=2))}, keep=("a:f",))
    assert a.f() == (first + 1 if isinstance(first, int) else first.replace("1", "2"))


@pytest.mark.parametrize("way", ["UTF-8 with a byte-order mark", "CRLF", "tabs", "no final newline"])
def test_only_the_way_a_file_is_written_changes(ws: Workspace, way: str) -> None:
    text = "X = 1\n" + BODY.format(value=1) + "Y = [X]\n"
    ws["a.py"] = text.encode()
    ws.start("a")
    for data in (WAYS[way](text), text.encode()):
        report = ws.truthful({"a.py": data})
        assert report.outcome in (Outcome.PATCHED, Outcome.UNCHANGED), explain(report)


BROKEN = {
    "not UTF-8": b"X = '\xff\xfe'\n",
    "another encoding than the cookie says": b"# coding: utf-8\nX = '\xe4'\n",
    "an unknown cookie": b"# coding: no-such-codec\nX = 1\n",
    "a null byte": b"X = 1\x00\n",
    "UTF-16": "X = 1\n".encode("utf-16"),
    "a picture": bytes(range(256)),
    "a cookie that contradicts the mark": b"\xef\xbb\xbf# coding: latin-1\nX = 1\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_python_is_rejected(ws: Workspace, kind: str) -> None:
    ws["a.py"] = "X = 0\ndef f(): return 1\n"
    ws.start("a")
    ws.expect_rejected({"a.py": BROKEN[kind]}, "SyntaxError" if "null" not in kind else None, file="a.py")
    ws.expect_patched({"a.py": "X = 0\ndef f(): return 2\n"})


def test_an_empty_file_and_back(ws: Workspace) -> None:
    ws["a.py"] = "import json\nX = 1\ndef f(): return 1\n"
    a = ws.start("a")
    ws.expect_patched({"a.py": b""})
    assert not {"json", "X", "f"} & set(vars(a))
    ws.expect_patched({"a.py": "X = 2\ndef f(): return 2\n"})
    assert a.f() == 2


def test_a_file_that_starts_empty(ws: Workspace) -> None:
    ws["a.py"] = b""
    a = ws.start("a")
    ws.expect_patched({"a.py": "def f(): return 2\n"})
    assert a.f() == 2


def test_a_file_of_comments_only(ws: Workspace) -> None:
    ws["a.py"] = "# nothing\n"
    a = ws.start("a")
    ws.expect_unchanged({"a.py": "# nothing yet\n"})
    ws.expect_patched({"a.py": "# at last\nX = 1\n"})
    assert a.X == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a privilege there")
def test_a_symlinked_folder(ws: Workspace, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir()
    (real / "__init__.py").write_text("def f(): return 1\n")
    (ws.root / "linked").symlink_to(real, target_is_directory=True)
    linked = ws.start("linked")
    f = linked.f
    (real / "__init__.py").write_text("def f(): return 2\n")
    for paths in ((), (ws.root / "linked" / "__init__.py",), (real / "__init__.py",)):
        report = ws.reload(*paths)
        assert report.outcome in (Outcome.PATCHED, Outcome.UNCHANGED), explain(report)
    assert linked.f is f
    assert f() == 2


@pytest.mark.skipif(sys.platform == "win32", reason="needs a privilege there")
def test_a_root_that_is_a_symlink(ws: Workspace, tmp_path: Path) -> None:
    ws["a.py"] = "def f(): return 1\n"
    link = tmp_path / "link"
    link.symlink_to(ws.root, target_is_directory=True)
    a = ws.start("a", root=link)
    ws["a.py"] = "def f(): return 2\n"
    report = ws.reload(link / "a.py")
    assert report.outcome is Outcome.PATCHED, explain(report)
    assert a.f() == 2


def test_a_file_of_many_lines(ws: Workspace) -> None:
    text = "".join(f"def f{n}(x):\n    y = x + {n}\n    return y\n\n" for n in range(1000))
    ws["a.py"] = text
    a = ws.start("a")
    ws.expect_patched({"a.py": "# moved\n" + text.replace("x + 500\n", "x + 5000\n")})
    assert a.f500(0) == 5000
    assert a.f999.__code__.co_firstlineno == 3998


def test_unicode_file_names(ws: Workspace) -> None:
    ws["模块.py"] = "def f(): return 1\n"
    module = ws.start("模块")
    ws.expect_patched({"模块.py": "def f(): return 2\n"})
    assert module.f() == 2
