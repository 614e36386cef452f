"""``mpdt dev``: checks, spawns the worker, and only then imports what serving needs."""

from __future__ import annotations

import errno
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from mpdt import language
from mpdt.commands.translated import CHOSEN_LANGUAGE, TranslatedHelp
from mpdt.config import Config, ConfigError, load
from mpdt.dev.bootstrap import DEBUGGER, command, locate
from mpdt.dev.errors import StartError
from mpdt.dev.interpreter import Interpreter, check, choose, own_interpreter
from mpdt.dev.loopback import Place, is_loopback, meeting_place
from mpdt.dev.platform import on_stop_signal, woken_by_signals
from mpdt.dev.real_core import RealCore, core_interpreter, find_core
from mpdt.dev.spawn import Spawned, abandon, spawn
from mpdt.language import _

USAGE_ERROR = 2
INSTALL_DEBUGPY = f'{sys.executable} -m pip install "mpdt[debug]"'


def find_plugin(path: str) -> Path:
    """The plugin's folder. Raises StartError."""
    folder = Path(path).expanduser()
    if not folder.exists():
        raise StartError(_("There is no folder {folder!r}. Give the path of a plugin folder.", folder=str(folder)))
    if not folder.is_dir():
        raise StartError(_("{folder!r} is a file. Give the folder that plugin.py lies in.", folder=str(folder)))
    if not (folder / "plugin.py").is_file():
        raise StartError(
            _(
                "{folder!r} has no plugin.py, so it is no plugin folder. Give the folder that it lies in.",
                folder=str(folder),
            )
        )
    return folder.resolve()


def clear(plugin: Path) -> None:
    """Removes what the plugin has stored through the simulated core. Raises StartError."""
    from mpdt.dev.state_files import clear_data, data_folder

    folder = data_folder(plugin)
    try:
        clear_data(folder)
    except OSError as error:
        raise StartError(
            _("{folder} cannot be removed: {error}. Another 'mpdt dev' may have it open.", folder=folder, error=error)
        ) from None


def bind(host: str, port: int, host_option: str = "--host", port_option: str = "--port") -> socket.socket:
    """A listening socket. Raises StartError if the port is taken or the address is none of ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OverflowError:
        raise StartError(
            _("There is no port {port}. Choose one up to 65535 with {option}.", port=port, option=port_option)
        ) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StartError(
                _(
                    "Port {port} is taken. Choose another with {option}, or a free one with {option} 0.",
                    port=port,
                    option=port_option,
                )
            ) from None
        if error.errno == errno.EACCES:
            raise StartError(
                _(
                    "Port {port} is not open to this user. Choose one above 1023 with {option}.",
                    port=port,
                    option=port_option,
                )
            ) from None
        raise StartError(
            _(
                "Cannot listen on {host}: {reason}. Choose another address with {option}.",
                host=host,
                reason=error.strerror,
                option=host_option,
            )
        ) from None


def address(sock: socket.socket, host: str) -> str:
    """The URL under which the developer's own browser reaches the socket."""
    port = sock.getsockname()[1]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def check_debugging(config: Config) -> None:
    """Raises StartError if no debugger could attach; a line of warning if others could."""
    if locate(DEBUGGER) is None:
        raise StartError(
            _("--debug needs debugpy, which is not installed here. Install it: {command}", command=INSTALL_DEBUGPY)
        )
    if not is_loopback(config.debug_host):
        message = _(
            "{host} is open to other machines; whoever reaches the debugger there can run code here.",
            host=config.debug_host,
        )
        click.echo(f"mpdt: {message}", err=True)
    bind(config.debug_host, config.debug_port, "--debug-host", "--debug-port").close()


def attached(config: Config, options: Mapping[str, Any]) -> Place | None:
    """Where a bot's bridge is waited for, if it is. Of two settings the one on the command line counts.

    Raises StartError for what is not offered there.
    """
    if not config.attach or (options.get("core") and not options.get("attach")):
        return None
    if config.core and not (options.get("attach") and not options.get("core")):
        raise StartError(_("--core starts a bot, --attach waits for one that runs: choose one of them."))
    if config.debug or config.audit:
        raise StartError(_("--debug and --audit need a worker that mpdt starts; they are not offered with --attach."))
    return meeting_place(config.attach, "--attach")


class DevServer:
    """One ``mpdt dev``, from the port and the worker's start to the end of both."""

    def __init__(
        self,
        plugin: Path,
        config: Config,
        interpreter: Interpreter,
        *,
        started: float,
        core: RealCore | None = None,
        attach: Place | None = None,
    ) -> None:
        self.plugin = plugin
        self.attach = attach
        self.meeting: tuple[socket.socket, str, str] | None = None  # where bridges connect, the token, the address
        self.core = core
        self.config = config
        self.interpreter = interpreter
        self.started = started
        self.stop_asked = False
        self._on_stop: list[Callable[[], object]] = []

    def spawn(self, folder: Path | None = None) -> Spawned:
        """Starts a worker: the bot itself, or with the simulated core in the plugin's folder or another.

        Raises StartError if the interpreter cannot be run.
        """
        try:
            if self.core is not None and folder is None:
                return self._spawn(self.core)
            return spawn(command(self.interpreter.path, debug=self.config.debug), folder or self.plugin)
        except OSError as error:
            if not self.plugin.is_dir():
                raise StartError(_("The plugin folder {plugin} is gone.", plugin=self.plugin)) from None
            raise StartError(
                _("{path} cannot be started: {strerror}.", path=self.interpreter.path, strerror=error.strerror)
            ) from None

    def _spawn(self, core: RealCore) -> Spawned:
        """A worker in which the bot itself runs."""
        if not core.folder.is_dir():
            raise StartError(_("The bot's folder {path} is gone.", path=core.folder))
        arguments = (core.kind, str(core.entry))
        # No colours and no progress bars, and lines as long as they are: they are read, and shown beside others.
        environment = {**os.environ, "TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "200"}
        return spawn(
            command(self.interpreter.path, arguments=arguments, debug=self.config.debug),
            core.folder,
            environment=environment,
            keep_input=True,
        )

    def run(self) -> None:
        """Serves until a signal asks to stop. Raises StartError; then nothing is left running."""
        with on_stop_signal(self.stop):
            sock = bind(self.config.host, self.config.port) if self.config.web else None
            try:
                if self.attach is not None:
                    self.meeting = self._meeting(self.attach)
                self._serve(self.spawn() if self.attach is None else None, sock)
            finally:
                if sock is not None:
                    sock.close()

    @staticmethod
    def _meeting(place: Place) -> tuple[socket.socket, str, str]:
        """Listens where bridges connect. Raises StartError."""
        from mpdt.dev.bridge_token import read_token

        token = read_token()
        return bind(place.host, place.port, "--attach", "--attach"), token, place.url

    def stop(self) -> None:
        """Asks to stop; from any thread or signal handler, any number of times."""
        self.stop_asked = True
        for callback in tuple(self._on_stop):
            callback()

    def when_stopped(self, callback: Callable[[], object]) -> None:
        """Calls back when the server is asked to stop, also if it was already."""
        self._on_stop.append(callback)
        if self.stop_asked:
            callback()

    def _serve(self, spawned: Spawned | None, sock: socket.socket | None) -> None:
        try:
            import asyncio

            from mpdt.commands.serving import Serving
        except BaseException:
            if spawned is not None:
                abandon(spawned)
            raise

        async def serve() -> None:
            with woken_by_signals(asyncio.get_running_loop()):
                await Serving(self, sock, spawned).run()

        asyncio.run(serve())


@click.command("dev", cls=TranslatedHelp, short_help="Serve a plugin folder; a saved edit is live.")
@click.argument("path", default=".", metavar="[PATH]")
@click.option("--patch-live/--no-patch-live", default=None, help="Patch saved code into the live objects.")
@click.option("-p", "--port", type=int, default=None, help="Port of the debug interface; 0 takes a free one. [8080]")
@click.option("--host", default=None, help="Address to serve on. [127.0.0.1]")
@click.option("--no-reload", is_flag=True, default=None, help="Do not watch the folder.")
@click.option("--poll", is_flag=True, default=None, help="Look for saves: on network drives, and in WSL on Windows'.")
@click.option("--debug", is_flag=True, default=None, help="Let a debugger attach (debugpy); with full tracebacks.")
@click.option("--debug-port", type=int, default=None, help="Port for the debugger; 0 takes a free one. [5678]")
@click.option("--debug-host", default=None, help="Address for the debugger. [127.0.0.1]")
@click.option("--wait-for-client", is_flag=True, default=None, help="Load the plugin when a debugger has attached.")
@click.option("--tracebacks", is_flag=True, default=None, help="Show full tracebacks.")
@click.option("--python", default=None, metavar="PATH", help="The interpreter that runs the plugin.")
@click.option("--core", default=None, metavar="PATH", help="Run the plugin inside the bot in that folder.")
@click.option("--attach", default=None, metavar="URL", help="Wait for the bridge of a bot that runs already.")
@click.option("--json", "json", is_flag=True, default=None, help="One JSON object a line on standard output.")
@click.option("--no-web", is_flag=True, default=None, help="No HTTP at all.")
@click.option("--open", "open", is_flag=True, default=None, help="Open the debug interface in the browser.")
@click.option("--keep-state", is_flag=True, default=None, help="Go on with the state of the last run.")
@click.option(
    "--no-replay-start", is_flag=True, default=None, help="Do not deliver the start events to a reloaded plugin."
)
@click.option("--audit", is_flag=True, default=None, help="Compare every patch with a fresh interpreter.")
@click.option(
    "--replay", is_flag=True, default=None, help="Send the last message again after each change, and show what differs."
)
@click.option(
    "--scenarios/--no-scenarios", default=None, help="Play tests/*.mpdt.toml after each change. [where there are some]"
)
@click.option("--prompt/--no-prompt", default=None, help="Read messages from the terminal. [where there is one]")
@click.option("--fresh", is_flag=True, help="Start with empty databases: what the plugin stored earlier is removed.")
@click.option("-v", "--verbose", is_flag=True, default=None, help="Show debug lines, and what merely moved.")
def dev_command(
    path: str, no_reload: bool | None, no_web: bool | None, no_replay_start: bool | None, fresh: bool, **options: Any
) -> None:
    """Serve the plugin in PATH (the current folder by default); a saved edit is live.

    With --patch-live the new code goes into the live objects where that can be done truthfully; every other
    edit, and every edit without it, loads the plugin anew.
    """
    started = time.monotonic()
    options["reload"] = False if no_reload else None
    options["web"] = False if no_web else None
    options["replay_start"] = False if no_replay_start else None
    options["lang"] = click.get_current_context().meta.get(CHOSEN_LANGUAGE)
    try:
        plugin = find_plugin(path)
        merged = load(plugin, options)
        config = merged.config
        if config.lang is not None:
            language.use(config.lang)
        for warning in merged.warnings:
            click.echo(f"mpdt: {warning}", err=True)
        if config.web and not is_loopback(config.host):
            click.echo(
                _("mpdt: {host} is open to other machines; whoever has the token can run code here.", host=config.host),
                err=True,
            )
        if config.debug:
            check_debugging(config)
        attach = attached(config, options)
        core = find_core(config.core) if config.core and attach is None else None
        if attach is not None:
            interpreter = own_interpreter()  # for scenarios; the plugin itself runs in the bot's
        elif core is None:
            interpreter = choose(plugin, config.python, os.environ)
            check(interpreter)
        else:
            interpreter = core_interpreter(core, config.python, os.environ)
            check(interpreter, needs=())
        if fresh:
            clear(plugin)
        DevServer(plugin, config, interpreter, started=started, core=core, attach=attach).run()
    except (StartError, ConfigError) as error:
        click.echo(f"mpdt: {error}", err=True)
        sys.exit(USAGE_ERROR)
