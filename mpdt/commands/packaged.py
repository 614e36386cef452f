"""Pages of ``docs/`` that the tool shows. In the wheel they lie in ``mpdt/docs``; in a checkout, where they are."""

from __future__ import annotations

from pathlib import Path

import mpdt

PACKAGE = Path(mpdt.__file__).parent


def packaged(name: str) -> Path:
    """The file of that name."""
    inside = PACKAGE / "docs" / name
    return inside if inside.is_file() else PACKAGE.parent / "docs" / name
