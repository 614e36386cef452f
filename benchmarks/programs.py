"""The programs that are edited. Every edit carries a number, and ``f0()`` answers with it."""

from __future__ import annotations

from pathlib import Path

LINES_EACH = 6  # lines of one function: 200 functions are 1,200 lines

FUNCTION = """\
def f{n}(x=3, y=1):
    if x > {n}:
        return f{next}(x - {n}, y)
    parts = [k * y for k in range(x)]
    return sum(parts) + {n}

"""


def answering(functions: int, number: int) -> str:
    """A module of that many functions; the first one answers with the number."""
    first = f"def f0(x=3, y=1):\n    if x > 1000:\n        return x\n    answer = {number}\n    return answer\n\n"
    rest = (FUNCTION.format(n=n, next=(n + 1) % functions) for n in range(1, functions))
    return first + "".join(rest)


def moved(functions: int, lines: int) -> str:
    """The same module, with comment lines on top of it."""
    return "# moved\n" * lines + answering(functions, 0)


def write_package(folder: Path, modules: int, functions: int) -> list[str]:
    """A package whose modules import one another; returns the modules' names in the order of their import."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"m{number}" for number in range(modules)]
    (folder / "__init__.py").write_text("".join(f"from . import {name}\n" for name in names), encoding="utf-8")
    for number, name in enumerate(names):
        previous = f"from .m{number - 1} import f1 as previous\n" if number else ""
        head = f"from __future__ import annotations\n\n{previous}\n"
        (folder / f"{name}.py").write_text(head + answering(functions, number), encoding="utf-8")
    return [f"{folder.name}.{name}" for name in names]
