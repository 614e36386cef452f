"""What a child interpreter runs first, so that the worker is importable there and nothing else of ours is.

The script is passed by ``-c``. It puts a finder *last* on ``sys.meta_path``: what the plugin's interpreter
has itself comes first, and of the supervisor's installation only a closed list is served. If more were
importable, a dependency that the plugin forgot to declare would work in ``mpdt dev`` and fail in the bot.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable
from pathlib import Path

import mpdt
from mpdt.language import _

PACKAGES = (
    "mpdt_hooks",
    "jurigged",
    "codefind",
    "ovld",
    "blessed",
    "wcwidth",
    "watchdog",
    "jinxed",
    "ansicon",
)
DEBUGGER = "debugpy"  # only where --debug asks for it
# Of mpdt itself; everything below a served package is found by that package's own path.
SUBMODULES = ("mpdt.worker", "mpdt.events", "mpdt.protocol", "mpdt.language")

SCRIPT = """
import json, runpy, sys
from importlib.util import spec_from_file_location

served = json.loads(sys.argv.pop(1))
wanted = sys.argv.pop(1)
clash = sys.argv.pop(1)
module = sys.argv.pop(1)

class ServedFinder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        entry = served.get(name)
        if entry is None:
            return None
        file, search = entry
        spec = spec_from_file_location(name, file, submodule_search_locations=None if search is None else list(search))
        # An empty list would be filled with the file's folder: the whole of mpdt, where only parts are served.
        spec.submodule_search_locations = search
        return spec

sys.meta_path.append(ServedFinder)
import mpdt
if mpdt.__version__ != wanted:
    sys.exit(clash.format(python=sys.executable, version=mpdt.__version__))
sys.argv[0] = module
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""

Served = dict[str, tuple[str, list[str] | None]]


def locate(name: str) -> tuple[str, list[str] | None] | None:
    """Where a module of this installation lies: its file, and the folder of a package. Imports nothing."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return None
    search = spec.submodule_search_locations
    return spec.origin, None if search is None else list(search)


def served(packages: Iterable[str] = PACKAGES) -> Served:
    """The closed list, with where each module lies. The bare package ``mpdt`` has no path: nothing else is in
    it.
    """
    found: Served = {"mpdt": (str(Path(mpdt.__file__)), [])}
    for name in (*packages, *SUBMODULES):
        location = locate(name)
        if location is not None:
            found[name] = location
    return found


def clash() -> str:
    """What the interpreter says if it has another mpdt of its own; it fills the braces in."""
    return _(
        "{python} has its own mpdt {version}, and mpdt {wanted} is running. Install the same version there, "
        "or remove it there.",
        python="{python}",
        version="{version}",
        wanted=mpdt.__version__,
    )


def command(
    python: Path, module: str = "mpdt.worker", arguments: Iterable[str] = (), *, debug: bool = False
) -> list[str]:
    """The command line that runs ``module`` in that interpreter. ``debug``: debugpy is served too.

    ``-P`` keeps the current folder off ``sys.path``: a plugin that imports its neighbours by bare name would
    work here and fail in the bot.
    """
    packages = (*PACKAGES, DEBUGGER) if debug else PACKAGES
    return [
        str(python),
        "-P",
        "-c",
        SCRIPT,
        json.dumps(served(packages)),
        mpdt.__version__,
        clash(),
        module,
        *arguments,
    ]
