"""The examples of ``docs/engine.md``, run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "hooks"), "IPYTHONDIR": ""}


def example(name: str) -> str:
    page = (ROOT / "docs" / "engine.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- example: {name} -->\n```python\n(.*?)```", page, re.DOTALL)
    assert found
    return found[1]


def run(folder: Path, program: str) -> str:
    (folder / "program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=folder,
        env={**ENVIRONMENT, "IPYTHONDIR": str(folder / "ipython")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_program_on_asyncio(tmp_path: Path) -> None:
    plugin = tmp_path / "live"
    plugin.mkdir()
    (plugin / "worker_module.py").write_text("def answer():\n    return 'first'\n")
    program = example("asyncio") + f"\nasyncio.run(serve(Path({str(plugin)!r})))\n"
    assert run(tmp_path, program).splitlines() == ["first", "second"]


def test_ipython(tmp_path: Path) -> None:
    (tmp_path / "looked_at.py").write_text("def answer():\n    return 'first'\n")
    program = f"""
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
def cell(source):
    result = shell.run_cell(source)
    result.raise_error()

cell({example("ipython")!r})
cell("import looked_at; kept = looked_at.answer")
cell("print(kept())")
file = Path("looked_at.py")
file.write_text(file.read_text().replace("first", "second"))
cell("print(kept())")
file.write_text(file.read_text() + "print('acts')\\n")
cell("print(kept())")
"""
    lines = run(tmp_path, program).splitlines()
    assert lines[:2] == ["first", "second"]
    assert lines[2].startswith("restart the kernel: MPDT001 looked_at.py:3")
    assert lines[3] == "second"
