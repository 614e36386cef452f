"""Addresses of this machine only."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from mpdt.dev.errors import StartError
from mpdt.language import _


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bridge and ``mpdt dev --attach`` meet."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"ws://[{self.host}]:{self.port}" if ":" in self.host else f"ws://{self.host}:{self.port}"


def is_loopback(host: str) -> bool:
    """Is the address reachable from this machine only?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_loopback_name(header: str | None) -> bool:
    """Does a Host header name this machine, with whatever port? A tunnel may end at another one."""
    from urllib.parse import urlsplit

    try:
        name = urlsplit(f"//{header}").hostname if header else None
    except ValueError:
        return False
    return name is not None and is_loopback(name)


def meeting_place(url: str, option: str) -> Place:
    """The address of a ``ws://`` URL. Raises StartError for anything that is not on loopback."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
        plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
    except ValueError:
        host, port, plain, parts = None, None, False, urlsplit("")
    if parts.scheme != "ws" or not host or not port or not plain:
        raise StartError(_("{option} takes an address like ws://127.0.0.1:8091, not {url!r}.", option=option, url=url))
    if not is_loopback(host):
        raise StartError(
            _(
                "{host} is not this machine. A bridge is reached on loopback only; to a bot elsewhere, make a tunnel: "
                "ssh -R {port}:127.0.0.1:{port} HOST.",
                host=host,
                port=port,
            )
        )
    return Place(host, port)
