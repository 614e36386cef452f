"""Run in a real core's interpreter: does it import the plugin, and has it got what the simulated core said it has not?

``probe.py CORE PLUGIN SENTENCES``, the last as JSON. Prints ``mpdt:`` and JSON: ``core`` and ``plugin`` are what their
imports raise, ``found`` has for each sentence what proves it of the real core too, or null. Nothing is started.
"""

import ast
import dataclasses
import importlib
import importlib.util
import inspect
import json
import os
import re
import sys
from pathlib import Path

APIS = ("src.app.plugin_system", "src.plugin_system")
KEYWORD = re.compile(r"(\w+)\.__init__\(\) got an unexpected keyword argument '(\w+)'")
ATTRIBUTE = re.compile(r"'(\w+)' (?:object )?has no attribute '(\w+)'")
NAME = re.compile(r"API has no '(\w+)' in ([\w.]+)")
MODULE = re.compile(r"API has no module '([\w.]+)'")
UNAWAITED = re.compile(r"'coroutine' object|can't be used in 'await'|was never awaited")


def failure(name):
    try:
        importlib.import_module(name)
    except Exception as error:  # noqa: BLE001 - a plugin's code
        return " ".join(f"{type(error).__name__}: {error}".split())[:300]
    return None


def classes(name, package):
    """Those of that name which the core and the plugin have in use."""
    found = {}
    for module_name, module in list(sys.modules.items()):
        if module_name.split(".")[0] in ("src", package) and isinstance(vars(module).get(name), type):
            one = vars(module)[name]
            found[f"{one.__module__}.{one.__qualname__}"] = one
    return found


def has(cls, attribute):
    """Also what an instance gets by ``__init__`` or has as a field."""
    fields = {**getattr(cls, "model_fields", {}), **getattr(cls, "__dataclass_fields__", {})}
    if hasattr(cls, attribute) or attribute in fields or hasattr(cls, "__getattr__"):
        return True
    # What only a function of its own could set; one that was generated (of a dataclass) sets fields.
    own = [one for base in cls.__mro__ for one in vars(base).values() if inspect.isfunction(one)]
    written = [one for one in own if one.__code__.co_filename not in ("<string>", dataclasses.__file__)]
    try:
        sources = [inspect.getsource(one) for one in written if one.__module__.split(".")[0] != "sqlalchemy"]
    except (OSError, TypeError):
        return True
    return any(re.search(rf"\bself\.{attribute}\b\s*[:=]", source) for source in sources)


def sources_in(folder):
    for path in sorted(folder.rglob("*.py")):
        try:
            yield path, ast.parse(path.read_bytes())
        except SyntaxError:  # a file that nothing imports
            continue


def unawaited(folder, package):
    """The plugin's calls of the core's coroutine functions whose coroutine is used as if it were the result."""
    for path, tree in sources_in(folder):
        relative = path.relative_to(folder).with_suffix("")
        module = sys.modules.get(".".join([package, *relative.parts]))
        awaited = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Await)}
        handed = {id(argument) for node in ast.walk(tree) if isinstance(node, ast.Call) for argument in node.args}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or id(node) in awaited or id(node) in handed or module is None:
                continue
            try:
                called = eval(compile(ast.Expression(node.func), str(path), "eval"), vars(module))
            except Exception:  # noqa: BLE001 - it is no plain name of the module
                continue
            if inspect.iscoroutinefunction(called) and called.__module__.startswith("src."):
                name = f"{called.__module__}.{called.__qualname__}"
                yield f"{name} is a coroutine function, which {path.name}:{node.lineno} does not await"


def proof(sentence, folder, package):
    if match := KEYWORD.search(sentence):
        for label, cls in classes(match[1], package).items():
            takes = inspect.signature(cls.__init__).parameters
            if match[2] not in takes and not any(one.kind is one.VAR_KEYWORD for one in takes.values()):
                return f"{label}.__init__ has no parameter '{match[2]}'"
    elif match := NAME.search(sentence):
        raised = failure(match[2])
        if raised or not hasattr(sys.modules[match[2]], match[1]):
            return raised or f"{match[2]} has no '{match[1]}'"
    elif match := MODULE.search(sentence):
        return failure(match[1])
    elif match := ATTRIBUTE.search(sentence):
        found = classes(match[1], package)
        if found and not any(has(cls, match[2]) for cls in found.values()):
            return f"{', '.join(found)} has no '{match[2]}'"
    elif UNAWAITED.search(sentence):
        return next(unawaited(folder, package), None)
    return None


def mentioned(folder):
    """The core's modules that the plugin imports anywhere, also in functions."""
    for _path, tree in sources_in(folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("src."):
                yield node.module


def main():
    core, folder, sentences = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    sys.path[:0] = [core, str(folder.parent)]
    sys.path.remove(str(Path(__file__).parent))
    api = next(one for one in APIS if Path(core, *one.split(".")).is_dir())
    answer = {"core": failure(api), "plugin": None, "found": [None] * len(sentences)}
    if not answer["core"]:
        answer["plugin"] = failure(f"{folder.name}.plugin")
        for name in sorted(set(mentioned(folder))):
            failure(name)
        answer["found"] = [proof(sentence, folder, folder.name) for sentence in sentences]
    print("\nmpdt:" + json.dumps(answer), flush=True)
    os._exit(0)  # a core leaves threads


main()
