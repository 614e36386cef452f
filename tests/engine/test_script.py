"""``python -m mpdt_hooks script.py``: a script runs as under python, and is patched while it runs."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mpdt_hooks.script import same_where_it_runs

DEADLINE = 30.0
HOOKS = Path(__file__).resolve().parents[2] / "hooks"
DOCS = HOOKS.parent / "docs"


class Script:
    """A running one; standard output and error are lines in one queue."""

    def __init__(self, path: Path, *arguments: str, module: bool = True) -> None:
        self.path = path
        command = [sys.executable, *(["-m", "mpdt_hooks"] if module else []), str(path), *arguments]
        environment = {**os.environ, "PYTHONPATH": str(HOOKS)}
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self._arriving: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._arriving.put(line.rstrip())
        self._arriving.put(None)

    def wait(self, text: str) -> str:
        """The next line with the text in it."""
        deadline = time.monotonic() + DEADLINE
        while True:
            line = self._arriving.get(timeout=max(0.1, deadline - time.monotonic()))
            if line is None:
                pytest.fail(f"It ended: {self.lines}")
            self.lines.append(line)
            if text in line:
                return line

    def edit(self, old: str, new: str, name: str | None = None) -> None:
        path = self.path if name is None else self.path.parent / name
        source = path.read_text()
        assert source.count(old) == 1
        path.with_suffix(".new").write_text(source.replace(old, new))
        path.with_suffix(".new").replace(path)

    def close(self) -> int:
        self.process.kill()
        code = self.process.wait(DEADLINE)
        self._reader.join(DEADLINE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


Start = Callable[..., Script]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[Script] = []

    def begin(source: str, *arguments: str, **files: str) -> Script:
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        path = tmp_path / "script.py"
        path.write_text(source)
        running.append(Script(path, *arguments))
        return running[-1]

    yield begin
    for script in running:
        script.close()


LOOP = """
import asyncio
import helper

STEP = 1

def value():
    return "one"

async def main():
    number = 0
    while True:
        number += 1
        print(f"{number} {value()} {STEP} {helper.word()}\\n", end="", flush=True)
        await asyncio.sleep(0.01)

if __name__ == "__main__":
    asyncio.run(main())
"""
THREAD = LOOP.replace("async def", "def").replace("await asyncio", "time").replace("asyncio.run(main())", "main()")


@pytest.mark.parametrize("source", [LOOP, THREAD.replace("import asyncio", "import time")], ids=["loop", "no loop"])
def test_a_running_script_and_what_it_imports_are_patched(start: Start, source: str) -> None:
    script = start(source, helper="def word(): return 'a'\n")
    script.wait("one 1 a")
    script.edit('"one"', '"two"')
    assert "patched value" in script.wait("patched")
    last = script.wait("two 1 a")
    script.edit("'a'", "'b'", "helper.py")
    script.wait("two 1 b")
    script.edit("STEP = 1", "STEP = 2")
    assert int(script.wait("two 2 b").split()[0]) > int(last.split()[0])  # it is the same run
    script.edit('return "two"', "return (")
    assert "SyntaxError" in script.wait("not patched, the old code goes on")
    script.edit("return (", 'return "three"')
    script.wait("three 2 b")


def test_what_the_script_is_running_is_not_patched_and_it_says_why(start: Start) -> None:
    script = start(LOOP, helper="def word(): return 'a'\n")
    script.wait("one 1 a")
    script.edit("asyncio.run(main())", "asyncio.run(main(), debug=True)")
    assert "Start it again." in script.wait("not patched, the old code goes on")
    script.wait("one 1 a")  # and it does go on
    script.edit("asyncio.run(main(), debug=True)", "asyncio.run(main())")
    script.edit("import helper\n", "import helper\nprint('acts')\n")
    assert "MPDT001" in script.wait("not patched, the old code goes on")
    script.edit("print('acts')\n", "")
    script.edit('"one"', '"two"')
    script.wait("two 1 a")


@pytest.mark.parametrize(
    "source",
    [
        "import sys\nprint(sys.argv, __name__, __file__, __spec__ if '__spec__' in globals() else None)\nsys.exit(7)\n",
        "import sys, os\nprint(sys.path[0] == os.path.dirname(os.path.abspath(__file__)))\n",
        "import sys\nprint(sys.modules['__main__'].__dict__ is globals())\nraise SystemExit('no')\n",
        "def f():\n    1 / 0\nf()\n",
        "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))) is A)\n",
        "def f(:\n",
        "import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.1), print('late'))).start()\n",
    ],
    ids=["argv", "path", "exit message", "traceback", "pickle", "syntax error", "thread"],
)
def test_it_runs_as_under_python(tmp_path: Path, source: str) -> None:
    path = tmp_path / "script.py"
    path.write_text(source)
    environment = {**os.environ, "PYTHONPATH": str(HOOKS)}
    ways = [[sys.executable, "-m", "mpdt_hooks"], [sys.executable]]
    ours, python = (
        subprocess.run([*way, str(path), "a", "b"], env=environment, capture_output=True, text=True, timeout=DEADLINE)
        for way in ways
    )
    assert (ours.returncode, ours.stdout) == (python.returncode, python.stdout)
    assert ours.stderr == python.stderr


@pytest.mark.parametrize(
    ("arguments", "said"), [(["none.py"], "There is no script"), ([], "usage:"), (["-x"], "usage:")]
)
def test_what_cannot_be_run_is_refused(tmp_path: Path, arguments: list[str], said: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(HOOKS)}
    command = [sys.executable, "-m", "mpdt_hooks", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=tmp_path, timeout=DEADLINE)
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "line", "same"),
    [
        ("A = 1\nrun()\n", "A = 2\nrun()\n", 2, True),
        ("A = 1\nrun()\n", "A = 1\n\n\nrun()\n", 2, True),
        ("A = 1\nrun()\n", "A = 1\nrun(2)\n", 2, False),
        ("A = 1\nrun()\nB = 1\n", "A = 1\nrun()\nB = 2\n", 2, False),
        ("A = 1\nrun()\n", "A = 1\nrun()\nB = 2\n", 2, False),
        (
            "A = 1\nif __name__ == '__main__':\n    run()\n",
            "A = 1\nif __name__ == '__main__':\n    run(1)\n",
            None,
            False,
        ),
        (
            "A = 1\nif __name__ == '__main__':\n    run()\n",
            "A = 2\nif __name__ == '__main__':\n    run()\n",
            None,
            True,
        ),
        ("run()\n", "run(\n", 1, True),  # for the engine to reject
    ],
)
def test_which_edits_touch_what_runs(old: str, new: str, line: int | None, same: bool) -> None:
    assert same_where_it_runs(old.encode(), new.encode(), line) is same
