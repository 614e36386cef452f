"""The engine of mpdt: new code in the same live objects, or a named refusal.

Public names only; see ``docs/internals.md`` for how the parts fit.
"""

if __name__ != "mpdt_hooks":
    raise ImportError(
        f"The engine is the package 'mpdt_hooks', but it was imported as {__name__!r}. "
        "That would be a second copy of it, with its own idea of what is live. "
        "Put the folder 'hooks' on sys.path (or install mpdt) and import mpdt_hooks."
    )

from mpdt_hooks.model import (
    Change,
    ChangeKind,
    DefRef,
    ErrorInfo,
    Outcome,
    ReloadReport,
    RudeEdit,
    Running,
    RunningKind,
)
from mpdt_hooks.session import LiveReloader

__all__ = [
    "Change",
    "ChangeKind",
    "DefRef",
    "ErrorInfo",
    "LiveReloader",
    "Outcome",
    "ReloadReport",
    "RudeEdit",
    "Running",
    "RunningKind",
]
