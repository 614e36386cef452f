"""How the plugin performs -> lines for ``mpdt dev -v``. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mpdt.language import _, later, plural, translated

PHASE_WORDS = {
    "read": later("read"),
    "compile": later("compile"),
    "classify": later("classify"),
    "plan": later("plan"),
    "rehearse": later("rehearse"),
    "apply": later("apply"),
    "verify": later("verify"),
    "messages": later("messages"),
    "build": later("build"),
    "state": later("state"),
    "unload": later("unload"),
    "load": later("load"),
    "report": later("report"),
}


def phases(timings: Mapping[str, float]) -> str:
    """``compile 0.4, build 5.1, load 0.8 ms``; a phase that took no time is left out."""
    shown = [
        f"{translated(PHASE_WORDS.get(name, name))} {value:.1f}" for name, value in timings.items() if value >= 0.05
    ]
    return f"{', '.join(shown)} ms" if shown else ""


def performance_lines(performance: Mapping[str, Any]) -> Iterator[str]:
    """Right after a change: each handler in the period that ended with it, beside the one before."""
    earlier = performance.get("earlier") or {}
    for name, calls in sorted((performance.get("before") or {}).items()):
        compared = _(" (before that: {calls})", calls=calls_line(earlier[name])) if name in earlier else ""
        yield f"{name}: {calls_line(calls)}{compared}"
    lag = performance.get("loop_lag") or {}
    parts = (
        [_("loop lag {p50:.1f} ms at p50, {max:.1f} at most", p50=lag["p50"], max=lag["max"])]
        if lag.get("p50") is not None
        else []
    )
    if performance.get("memory") is not None:
        parts.append(_("memory {megabytes:.0f} MB", megabytes=performance["memory"] / 1e6))
    if performance.get("blocks") is not None:
        parts.append(_("{blocks:,} blocks allocated", blocks=performance["blocks"]))
    if parts:
        yield ", ".join(parts)


def calls_line(calls: Mapping[str, Any]) -> str:
    """``12 calls, 1 error, p50 0.31 ms, p95 0.90 ms``."""
    count, errors = calls["calls"], calls["errors"]
    words = [plural("{count} call", "{count} calls", count), plural("{count} error", "{count} errors", errors)]
    return ", ".join(words + [f"{name} {calls[name]:.2f} ms" for name in ("p50", "p95") if calls[name] is not None])
