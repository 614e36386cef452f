"""``mpdt send``: a message to the plugin of a running ``mpdt dev``."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from mpdt.commands.translated import TranslatedHelp
from mpdt.dev import run_files
from mpdt.dev.run_files import RunFile
from mpdt.language import _

CONNECT_TIMEOUT = 2.0
ANSWER_TIMEOUT = 30.0


class SendError(Exception):
    """The message could not be sent or answered; the sentence says what to do."""


def ask(run: RunFile, method: str, path: str, body: Mapping[str, Any] | None, within: float) -> tuple[int, Any]:
    """Status and JSON of one request. Raises OSError or HTTPException if the server is not there."""
    parts = urlsplit(run.url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=within)
    try:
        headers = {"Authorization": f"Bearer {run.token}", "Content-Type": "application/json"}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read() or b"null")
    finally:
        connection.close()


def is_running(run: RunFile) -> bool:
    """Does the server of this run file answer? Its process number may belong to somebody else by now."""
    try:
        # Without waiting for the worker: any answer of an HTTP server that knows the token will do.
        status, _ = ask(run, "GET", "/api/logs?since=999999999", None, CONNECT_TIMEOUT)
    except (OSError, HTTPException, ValueError):
        return False
    return status == 200


def running(where: Path, is_running: Callable[[RunFile], bool] = is_running) -> list[RunFile]:
    """The servers that run. Files of servers that do not are removed."""
    found = []
    for path, run in run_files.read(where):
        if is_running(run):
            found.append(run)
        else:
            path.unlink(missing_ok=True)
    return found


def pick(servers: Iterable[RunFile], asked: Path | None, here: Path) -> RunFile:
    """The server meant: of the folder asked for; else of the folder we are in; else the only one. Raises
    SendError.
    """
    servers = list(servers)
    if asked is not None:
        servers = [run for run in servers if Path(run.plugin) == asked]
        if not servers:
            raise SendError(_("No 'mpdt dev' serves {asked}. Start one with: mpdt dev {asked}", asked=asked))
    if not servers:
        raise SendError(_("No 'mpdt dev' is running. Start one with: mpdt dev PATH"))
    if len(servers) > 1:
        servers = [run for run in servers if here.is_relative_to(run.plugin)] or servers
    if len(servers) > 1:
        folders = ", ".join(sorted({run.plugin for run in servers}))
        raise SendError(
            _(
                "Several 'mpdt dev' are running. Say which plugin is meant: mpdt send TEXT PATH ({folders})",
                folders=folders,
            )
        )
    return servers[0]


def send(run: RunFile, message: Mapping[str, Any], path: str = "/api/message") -> Mapping[str, Any]:
    """The replies, or what else the route answers. Raises SendError."""
    try:
        status, answer = ask(run, "POST", path, message, ANSWER_TIMEOUT)
    except (OSError, HTTPException, ValueError) as error:
        raise SendError(_("'mpdt dev' at {url} did not answer: {error}", url=run.url, error=error)) from None
    if status != 200:
        raise SendError(str(answer.get("error", answer)) if isinstance(answer, dict) else str(answer))
    assert isinstance(answer, dict)
    return answer


def shown(reply: Mapping[str, Any]) -> str:
    """A reply as one line or more; what is no text says what it is."""
    content = reply["content"]
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    return text if reply["type"] == "text" else f"[{reply['type']}] {text}"


@click.command("send", cls=TranslatedHelp, short_help="Send a message to the plugin of a running 'mpdt dev'.")
@click.argument("text")
@click.argument("path", required=False)
@click.option("--user", default=None, help="Who says it.")
@click.option("--group", default=None, help="The group that it is said in; without it, a private message.")
@click.option("--role", default=None, help="The sender's role.")
@click.option("--image", "images", multiple=True, type=click.Path(), help="An image file to send along; repeatable.")
@click.option("--mention", "mentions", multiple=True, help="A user whom the message mentions; repeatable.")
@click.option("--save", "name", default=None, metavar="NAME", help="Save message and replies in the scenario NAME.")
def send_command(
    text: str,
    path: str | None,
    user: str | None,
    group: str | None,
    role: str | None,
    images: tuple[str, ...],
    mentions: tuple[str, ...],
    name: str | None,
) -> None:
    """Send TEXT to the plugin of a running 'mpdt dev' (of the plugin folder PATH, if several run); print each
    reply.
    """
    fields = {"text": text, "user": user, "group": group, "role": role}
    message: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}
    with told():
        message.update({"images": [encoded(image) for image in images]} if images else {})
        message.update({"mentions": list(mentions)} if mentions else {})
        run = server(path)
        answer = send(run, message)
        show(answer)
        if name is not None:
            keep(run, name, answer)


def keep(run: RunFile, name: str, answer: Mapping[str, Any]) -> None:
    """Save the exchange in the scenario of that name. Raises SendError."""
    saved = send(run, {"name": name, "exchanges": [answer["exchange"]]}, "/api/scenarios")
    click.echo(_("mpdt: saved in {path}; play it with: mpdt test {path}", path=saved["path"]), err=True)


def server(path: str | None) -> RunFile:
    """The server that is meant. Raises SendError."""
    asked = None if path is None else Path(path).expanduser().resolve()
    return pick(running(run_files.folder()), asked, Path.cwd().resolve())


def encoded(path: str) -> str:
    try:
        return base64.b64encode(Path(path).read_bytes()).decode()
    except OSError as error:
        raise SendError(_("{path} cannot be read: {strerror}.", path=path, strerror=error.strerror)) from None


@contextmanager
def told() -> Iterator[None]:
    """A SendError inside is the end, with its sentence."""
    try:
        yield
    except SendError as error:
        click.echo(f"mpdt: {error}", err=True)
        sys.exit(2)


def show(answer: Mapping[str, Any]) -> None:
    for reply in answer["replies"]:
        click.echo(shown(reply))
    if answer.get("timed_out"):
        click.echo(_("mpdt: the plugin is still at it; these are its replies so far."), err=True)
    elif not answer["replies"] and "result" not in answer:
        click.echo(_("mpdt: the plugin did not reply."), err=True)
