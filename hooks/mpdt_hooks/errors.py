"""The engine's own errors. Each builds its sentence: what happened, where, what to do now."""

from __future__ import annotations

from pathlib import Path

from mpdt_hooks.sentence import Sentence, said


class ReloadError(Exception):
    """The base of every error that the engine raises of its own accord."""


class PatcherUnavailable(ReloadError):
    """jurigged or codefind is missing, or lacks something that the engine uses."""

    def __init__(self, what: Sentence) -> None:
        super().__init__(
            said(
                "The engine needs jurigged >= 0.6.1, < 0.7 and codefind >= 0.1.7, < 0.2, but {what}. "
                "Install them with: pip install 'jurigged>=0.6.1,<0.7' 'codefind>=0.1.7,<0.2'",
                what=what,
            )
        )


class NotInstalled(ReloadError):
    """``refresh()`` was called before ``install()``: nothing can have been tracked."""

    def __init__(self, root: Path) -> None:
        super().__init__(
            said(
                "Nothing is tracked below {root}: call install() before the plugin is imported, then refresh().",
                root=str(root),
            )
        )


class ProofFailed(ReloadError):
    """After a patch, a definition does not hold what its file compiles to. The patch is undone."""

    def __init__(self, definition: str, found: Sentence) -> None:
        self.sentence = said(
            "{definition} should run the code of its file, but {found}.", definition=definition, found=found
        )
        super().__init__(self.sentence)
        self.definition = definition
        self.found = found
