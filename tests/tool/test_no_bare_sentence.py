"""What a person reads is handed to the screen, the log or an exception through ``mpdt.language``, never bare.

Looked at is every ``raise`` and every call that shows something. A literal or an f-string there must have no words of
its own: it could not be looked up in the catalog.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tools.catalog import MARKERS, PACKAGES, ROOT, name_of

SHOWING = frozenset(
    {"echo", "secho", "confirm", "prompt", "Text", "assemble", "problem", "tell", "_tell", "_log", "_say"}
    | {"debug", "info", "warning", "error", "critical", "exception", "UsageError", "BadParameter", "ClickException"}
)
# A fault of our own, for whoever mends mpdt; a SyntaxError is in Python's words.
PROGRAMMERS = frozenset({"AssertionError", "NotImplementedError", "TypeError", "SyntaxError"})
# Names and units are the same in every language.
NAMES = re.compile(
    r"\bmpdt:|\b(?:ms|MB|p50|p95|DEBUG|INFO|WARNING|ERROR|CRITICAL)\b|\b(?:bold|dim|red|green|yellow|cyan|underline)\b"
)
WORD = re.compile(r"[A-Za-z]{2,}")
CORE = "the core's own words, which plugins may compare"
EXCEPTIONS = {
    "插件类 '{}' 必须定义 'plugin_name' 属性": CORE,
    "'{}'类型的注入规则必须提供 'target_content'。": CORE,
    "Action 类未找到: {}": CORE,
    "Tool 类未找到: {}": CORE,
    "Action 执行失败: {}": CORE,
    "Tool 执行失败: {}": CORE,
    "module '{}' has no attribute '{}'": "Python's own words",
    "Prompt '{}' not found": CORE,
    "full_path cannot be empty": CORE,
    "count 不能为负数": CORE,
    "cd {} && mpdt dev --patch-live": "a command line",
    "Describe this {}.": "said to a model",
    (
        "The engine is the package 'mpdt_hooks', but it was imported as {}. That would be a second copy of it, "
        "with its own idea of what is live. Put the folder 'hooks' on sys.path (or install mpdt) and import mpdt_hooks."
    ): "the engine is not there yet",
}


def own_words(node: ast.expr) -> str:
    """A literal's or f-string's text without names and values; "" if it has no words."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    elif isinstance(node, ast.JoinedStr):
        text = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    else:
        return ""
    return text if " " in text.strip() and WORD.search(NAMES.sub("", text)) else ""


def shown_by(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions that a statement or call shows."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        if name_of(node.exc.func).rpartition(".")[2] not in PROGRAMMERS:
            yield from (*node.exc.args, *(one.value for one in node.exc.keywords))
    elif isinstance(node, ast.Call) and name_of(node.func).rpartition(".")[2] in SHOWING:
        yield from (*node.args, *(one.value for one in node.keywords))


def parts(node: ast.expr) -> Iterator[ast.expr]:
    """What an expression may be made of; not what has been looked up already, nor what another call makes of it."""
    yield node
    match node:
        case ast.Call():
            return
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*parts(body), *parts(orelse))
        case ast.BinOp(left=left, right=right):
            yield from (*parts(left), *parts(right))
        case ast.BoolOp(values=values) | ast.Tuple(elts=values):
            for value in values:
                yield from parts(value)


def bare(tree: ast.Module) -> list[tuple[int, str]]:
    """The line and the text of each bare sentence."""
    return [
        (part.lineno, words)
        for node in ast.walk(tree)
        for shown in shown_by(node)
        for part in parts(shown)
        if (words := own_words(part))
    ]


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    """Every file of ours by its path."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in files}


def test_nothing_is_shown_bare(trees: dict[str, ast.Module]) -> None:
    """Write ``_("The folder {path} is gone.", path=path)``, in the engine ``said(...)``; see CONTRIBUTING.md."""
    found = [
        f"{name}:{line}: {text!r}"
        for name, tree in trees.items()
        for line, text in bare(tree)
        if text not in EXCEPTIONS
    ]
    assert found == []


def test_every_exception_is_needed(trees: dict[str, ast.Module]) -> None:
    there = {text for tree in trees.values() for _line, text in bare(tree)}
    assert EXCEPTIONS.keys() - there == set()


def test_what_is_looked_up_is_a_literal(trees: dict[str, ast.Module]) -> None:
    """An f-string or a name could not be extracted."""
    found = []
    for name, tree in trees.items():
        # ``said`` is the engine's; rude.py says what the catalogue holds, which is extracted from there.
        markers = MARKERS if name.startswith("hooks/") and not name.endswith("/rude.py") else MARKERS.keys() - {"said"}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) in markers:
                texts = node.args[: MARKERS[name_of(node.func)]]
                if not all(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts):
                    found.append(f"{name}:{node.lineno}")
    assert found == []


def test_nothing_is_looked_up_when_a_module_is_imported(trees: dict[str, ast.Module]) -> None:
    """The language may not have been chosen yet, and a start must not wait for a catalog: ``later`` is for tables."""
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees.items()
        for statement in tree.body
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and name_of(node.func) in {"_", "plural"}
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('raise StartError("The folder is gone.")', True),
        ('raise StartError(f"The folder {path} is gone.")', True),
        ('raise StartError(f"{path} is gone.") from None', True),
        ('raise StartError(path) if path else Other("The folder is gone.")', False),
        ('raise StartError("It is gone." if gone else _("It is there."))', True),
        ('click.echo(f"mpdt: {error}", err=True)', False),
        ('click.echo("mpdt: " + f"gone is {error}")', True),
        ('Text(f"  {took:.0f} ms", "dim")', False),
        ('Text.assemble(("bold red text", "bold red"))', True),
        ('Text.assemble((name, "bold red"))', False),
        ('logger.warning(_("It is gone."))', False),
        ('logger.warning("It is gone.")', True),
        ('raise AssertionError("it is ours")', False),
        ('raise KeyError("name")', False),
    ],
)
def test_bare_sentences_are_found(source: str, found: bool) -> None:
    assert bool(bare(ast.parse(source))) is found
