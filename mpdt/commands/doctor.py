"""``mpdt doctor``: what of this machine ``mpdt dev`` needs, what is wrong with it, and the command that mends it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import click

from mpdt import __version__
from mpdt.commands.dev import INSTALL_DEBUGPY, bind
from mpdt.commands.translated import TranslatedHelp
from mpdt.config import Config, ConfigError, load
from mpdt.dev import core_needs, run_files
from mpdt.dev.bootstrap import DEBUGGER, command, locate
from mpdt.dev.errors import StartError
from mpdt.dev.ignore import WatchRules
from mpdt.dev.interpreter import Interpreter, choose, probe, refusal
from mpdt.dev.platform import has_close_events, told_by_others
from mpdt.dev.real_core import CoreKind, RealCore, core_interpreter, find_core
from mpdt.language import Later, _, later, translated

WRONG = 1
INOTIFY = Path("/proc/sys/fs/inotify")
ENOUGH_WATCHES = 524288
ENOUGH_INSTANCES = 512
FEW_INSTANCES = 16  # each editor, and each watcher, takes one or more
ENGINE_TIMEOUT = 60.0


class Grade(StrEnum):
    """``wrong`` keeps ``mpdt dev`` from working; ``note`` does not."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``mend`` is the command that puts it right, or empty."""

    about: Later
    grade: Grade
    sentence: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Of inotify: how many folders one user can watch, and by how many watchers."""

    watches: int
    instances: int


@click.command("doctor", cls=TranslatedHelp, short_help="Look whether this machine can serve a plugin.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("--core", default=None, metavar="PATH", help="Look at the bot in that folder too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
def doctor_command(path: str, core: str | None, as_json: bool) -> None:
    """Look whether 'mpdt dev PATH' can work here, and say what is wrong and which command mends it.

    With --core, or the setting, it looks at the bot too: its kind, its interpreter, and the packages that it lacks.

    The exit code is 0 if nothing is wrong, else 1.
    """
    findings = list(examine(Path(path).expanduser().absolute(), os.environ, core))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in findings], ensure_ascii=True, indent=2))
    else:
        for finding in findings:
            click.echo("\n".join(lines(finding)))
    sys.exit(WRONG if any(one.grade is Grade.WRONG for one in findings) else 0)


def lines(finding: Finding) -> Iterator[str]:
    """As a person reads it."""
    marks = {Grade.OK: "ok    ", Grade.NOTE: "note  ", Grade.WRONG: "wrong "}
    yield f"{marks[finding.grade]}{translated(finding.about)}: {finding.sentence}"
    if finding.mend:
        yield f"      $ {finding.mend}"


def examine(folder: Path, environment: Mapping[str, str], core: str | None = None) -> Iterator[Finding]:
    """Looks at one thing after the other; what depends on something that is wrong is left out."""
    yield of_versions()
    is_plugin = (folder / "plugin.py").is_file()
    yield of_folder(folder, is_plugin)
    try:
        merged = load(folder, {"core": core}, environment)
    except ConfigError as error:
        yield Finding(later("settings"), Grade.WRONG, str(error))
        return
    yield of_settings(merged.warnings)
    config = merged.config
    if config.core:
        yield from of_core(folder, config, environment)
    else:
        yield from of_interpreter(folder, config, environment)
    if is_plugin:
        yield of_watching(folder, config)
    yield of_port(config)
    yield of_debugger(config)
    yield of_runtime_folder(run_files.folder(environment))
    yield Finding(
        later("browser"),
        Grade.OK,
        _("Any will do for the debug interface. Chromium is needed by mpdt's own tests only."),
    )


def of_versions() -> Finding:
    packages = ("jurigged", "codefind", "watchdog", "aiohttp", "click", "rich", "pydantic", "tomlkit")
    known = ", ".join(f"{name} {version}" for name in packages if (version := version_of(name)))
    missing = [name for name in packages if version_of(name) is None]
    sentence = f"mpdt {__version__}, Python {platform.python_version()}, {platform.system()}; {known}."
    if missing:
        wrong = _("{names} cannot be found beside mpdt.", names=", ".join(missing))
        return Finding(later("versions"), Grade.WRONG, f"{sentence} {wrong}", f"{sys.executable} -m pip install mpdt")
    return Finding(later("versions"), Grade.OK, sentence)


def version_of(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def of_folder(folder: Path, is_plugin: bool) -> Finding:
    if is_plugin:
        return Finding(later("plugin"), Grade.OK, str(folder))
    sentence = _("{folder} has no plugin.py, so nothing is said of a plugin.", folder=folder)
    return Finding(later("plugin"), Grade.NOTE, sentence, "mpdt doctor PATH")


def of_settings(warnings: tuple[str, ...]) -> Finding:
    if warnings:
        return Finding(later("settings"), Grade.NOTE, " ".join(warnings), "mpdt config show")
    return Finding(later("settings"), Grade.OK, _("All are understood."))


KINDS = {CoreKind.NEO_MOFOX: "Neo-MoFox", CoreKind.CLASSIC: "MoFox-Core"}


def of_core(folder: Path, config: Config, environment: Mapping[str, str]) -> Iterator[Finding]:
    """The bot that the plugin is to run in, and its interpreter, which is then the plugin's too."""
    about = later("core")
    try:
        core = find_core(str(config.core))
    except StartError as error:
        yield Finding(about, Grade.WRONG, str(error), "mpdt doctor --core PATH")
        return
    yield Finding(about, Grade.OK, _("{folder} is a {kind}.", folder=core.folder, kind=KINDS[core.kind]))
    about = later("interpreter")
    try:
        interpreter = core_interpreter(core, config.python, environment)
        findings = probe(interpreter, needs=())
    except StartError as error:
        yield Finding(about, Grade.WRONG, str(error))
        return
    sentence = refusal(interpreter, findings)
    if sentence is not None:
        yield Finding(about, Grade.WRONG, sentence, "mpdt dev --core PATH --python PYTHON")
        return
    version = ".".join(map(str, findings.version))
    yield Finding(about, Grade.OK, f"{interpreter.path} ({interpreter.origin}), Python {version}.")
    yield of_packages(core, interpreter, environment)
    yield of_engine(interpreter)


def of_packages(core: RealCore, interpreter: Interpreter, environment: Mapping[str, str]) -> Finding:
    """What the bot itself asks for."""
    about = later("the bot's packages")
    asked = core_needs.wanted(core)
    if not asked:
        sentence = _("{folder} does not say which packages it needs.", folder=core.folder)
        return Finding(about, Grade.NOTE, sentence)
    missing = core_needs.missing(core, interpreter)
    if not missing:
        return Finding(about, Grade.OK, _("All {count} are there.", count=len(asked)))
    sentence = _(
        "{missing} of {count} are missing: {names}.", missing=len(missing), count=len(asked), names=", ".join(missing)
    )
    return Finding(about, Grade.WRONG, sentence, core_needs.installing(core, interpreter, missing, environment))


def of_interpreter(folder: Path, config: Config, environment: Mapping[str, str]) -> Iterator[Finding]:
    about = later("interpreter")
    try:
        interpreter = choose(folder, config.python, environment)
        findings = probe(interpreter)
    except StartError as error:
        yield Finding(about, Grade.WRONG, str(error))
        return
    sentence = refusal(interpreter, findings)
    if sentence is not None:
        mend = f"{interpreter.path} -m pip install {' '.join(findings.missing)}" if findings.missing else ""
        yield Finding(about, Grade.WRONG, sentence, mend)
        return
    version = ".".join(map(str, findings.version))
    yield Finding(about, Grade.OK, f"{interpreter.path} ({interpreter.origin}), Python {version}.")
    yield of_engine(interpreter)


def of_engine(
    interpreter: Interpreter, run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run
) -> Finding:
    """Asks the engine itself, in the interpreter that would run it."""
    about = later("engine")
    try:
        done = run(
            [*command(interpreter.path, "mpdt_hooks"), "--version"],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=ENGINE_TIMEOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(about, Grade.WRONG, str(error))
    said = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines() or [""]
    if done.returncode == 0:
        return Finding(about, Grade.OK, said[-1])
    return Finding(about, Grade.WRONG, said[-1], f"{sys.executable} -m pip install --force-reinstall mpdt")


def of_watching(folder: Path, config: Config) -> Finding:
    about = later("watching")
    drive = told_by_others(folder)
    if drive is not None and not config.poll:
        sentence = _(
            "{folder} lies on a {drive} drive, where other systems' saves are not reported.", folder=folder, drive=drive
        )
        return Finding(about, Grade.NOTE, sentence, "mpdt dev --poll")
    limits = inotify_limits()
    if limits is None:
        return Finding(about, Grade.OK, _("The system reports saves."))
    folders = len({path.parent for path in WatchRules(folder).files()} | {folder})
    return of_limits(limits, folders)


def inotify_limits(folder: Path = INOTIFY) -> Limits | None:
    """Of this system; None where it has no inotify."""
    if not has_close_events():
        return None
    try:
        return Limits(*(int((folder / name).read_text()) for name in ("max_user_watches", "max_user_instances")))
    except (OSError, ValueError):
        return None


def of_limits(limits: Limits, folders: int) -> Finding:
    about = later("watching")
    told = _("inotify can watch {count} folders; the plugin has {folders}.", count=limits.watches, folders=folders)
    if limits.watches < folders * 2:
        more = _("Too few: mpdt will look at the files by itself.")
        return Finding(about, Grade.NOTE, f"{told} {more}", f"sudo sysctl fs.inotify.max_user_watches={ENOUGH_WATCHES}")
    if limits.instances < FEW_INSTANCES:
        few = _("Only {count} watchers can be there at a time, editors included.", count=limits.instances)
        mend = f"sudo sysctl fs.inotify.max_user_instances={ENOUGH_INSTANCES}"
        return Finding(about, Grade.NOTE, f"{told} {few}", mend)
    return Finding(about, Grade.OK, told)


def of_port(config: Config) -> Finding:
    about = later("port")
    if not config.web:
        return Finding(about, Grade.OK, _("None is needed without the debug interface."))
    try:
        bind(config.host, config.port).close()
    except StartError as error:
        return Finding(about, Grade.WRONG, str(error), "mpdt dev --port 0")
    return Finding(about, Grade.OK, _("{port} on {host} is free.", port=config.port, host=config.host))


def of_debugger(config: Config) -> Finding:
    about = later("debugger")
    if locate(DEBUGGER) is None:
        grade = Grade.WRONG if config.debug else Grade.NOTE
        return Finding(about, grade, _("debugpy is not installed; --debug needs it."), INSTALL_DEBUGPY)
    return Finding(about, Grade.OK, f"debugpy {version_of(DEBUGGER)}.")


def of_runtime_folder(folder: Path) -> Finding:
    """'mpdt send' finds the server by a file there."""
    about = later("runtime folder")
    existing = next(one for one in (folder, *folder.parents) if one.exists())
    if os.access(existing, os.W_OK | os.X_OK):
        return Finding(about, Grade.OK, str(folder))
    sentence = _("{folder} cannot be written, so 'mpdt send' will not find the server.", folder=folder)
    return Finding(about, Grade.WRONG, sentence, "MPDT_RUNTIME_DIR=... mpdt dev")
