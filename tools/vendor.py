"""Copies the page's libraries from the npm registry, or (``--check``) compares what is here with what is published.

Run from the root of the repository: ``python tools/vendor.py [--check]``. Needs npm. ``published.json`` beside the
files lists version, licence and the integrity of each package and file; tests/web/test_vendored.py holds them to it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).parents[1] / "mpdt" / "web" / "static" / "vendor"
# package, version: {file here: file there}
PACKAGES: dict[tuple[str, str], dict[str, str]] = {
    ("preact", "11.2.0"): {
        "preact.mjs": "dist/preact.mjs",
        "preact-hooks.mjs": "hooks/dist/hooks.mjs",
        "preact.LICENSE": "LICENSE",
    },
    ("htm", "3.1.1"): {"htm.mjs": "dist/htm.mjs", "htm.LICENSE": "LICENSE"},
    ("@preact/signals", "2.11.4"): {"preact-signals.mjs": "dist/signals.mjs", "preact-signals.LICENSE": "LICENSE"},
    ("@preact/signals-core", "1.14.5"): {
        "preact-signals-core.mjs": "dist/signals-core.mjs",
        "preact-signals-core.LICENSE": "LICENSE",
    },
}


def integrity(body: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(body).digest()).decode()


def fetch(package: str, version: str, folder: Path) -> Path:
    """The published archive; npm itself checks it against the registry's integrity."""
    packed = subprocess.run(
        ["npm", "pack", "--json", "--silent", f"{package}@{version}"], cwd=folder, check=True, capture_output=True
    )
    answer: Any = json.loads(packed.stdout)
    entry = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
    return folder / entry["filename"].replace("@", "").replace("/", "-")


def main(check: bool) -> int:
    published, wrong = [], []
    with tempfile.TemporaryDirectory() as name:
        for (package, version), files in PACKAGES.items():
            archive = fetch(package, version, Path(name))
            with tarfile.open(archive) as tar:
                bodies = {here: tar.extractfile(f"package/{there}").read() for here, there in files.items()}  # type: ignore[union-attr]
                manifest = json.load(tar.extractfile("package/package.json"))  # type: ignore[arg-type]
            published.append(
                {
                    "package": package,
                    "version": version,
                    "licence": manifest["license"],
                    "integrity": integrity(archive.read_bytes()),
                    "files": {
                        here: {"from": there, "integrity": integrity(bodies[here])} for here, there in files.items()
                    },
                }
            )
            for here, body in bodies.items():
                if not check:
                    (VENDOR / here).write_bytes(body)
                elif (VENDOR / here).read_bytes() != body:
                    wrong.append(here)
    text = json.dumps(published, indent=2) + "\n"
    if check:
        wrong += [] if (VENDOR / "published.json").read_text() == text else ["published.json"]
        print("\n".join(f"{name} is not the published one" for name in wrong) or "All files are the published ones.")
    else:
        (VENDOR / "published.json").write_text(text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
