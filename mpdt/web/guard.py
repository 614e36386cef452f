"""Who may ask: token, Host and Origin. Pure.

A page in the developer's browser can send requests to loopback. The token keeps strangers out; the Host
check, DNS rebinding (a foreign name that resolves to 127.0.0.1); the Origin check, a foreign page that rides
on the cookie.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from mpdt.language import _

UNSAFE_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def cookie_name(port: int) -> str:
    """Cookies know no ports: two servers on one host would overwrite each other's."""
    return f"mpdt_token_{port}"


def is_known_host(header: str | None, configured: str) -> bool:
    """Is the Host header an address, ``localhost`` or the configured name? Rebinding needs a name of its own."""
    if not header:
        return False
    name = urlsplit(f"//{header}").hostname
    if name is None:
        return False
    if name in ("localhost", configured.lower()):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_same_origin(origin: str, host: str) -> bool:
    """Does the page that asks come from this very server?"""
    parts = urlsplit(origin)
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower()


def matches(given: str | None, token: str) -> bool:
    return given is not None and hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def bearer(headers: Mapping[str, str]) -> str | None:
    """The token of an Authorization header."""
    scheme, _, value = headers.get("Authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" else None


def refusal(
    method: str,
    headers: Mapping[str, str],
    cookie: str | None,
    *,
    token: str,
    configured_host: str,
    upgrade: bool = False,
) -> tuple[int, str] | None:
    """Status and sentence of a request that is turned away; None if it may pass. ``upgrade``: a WebSocket."""
    host = headers.get("Host")
    if host is None or not is_known_host(host, configured_host):
        return 403, _("This server answers under its own address only.")
    origin = headers.get("Origin")
    if origin is not None and not is_same_origin(origin, host):
        return 403, _("This request comes from another page.")
    by_bearer = matches(bearer(headers), token)
    if not by_bearer and not matches(cookie, token):
        return 401, _("The token is missing or wrong. Open the address that mpdt dev printed.")
    changing = upgrade or method.upper() in UNSAFE_METHODS
    if changing and origin is None and not by_bearer:
        # Every browser sends Origin here; a program without a browser sends the token itself.
        return 403, _("A changing request by cookie needs an Origin.")
    return None
