"""The libraries in the wheel are the published ones, byte for byte, under their licences."""

from __future__ import annotations

import base64
import hashlib
import json
import re

from mpdt.web.assets import FOLDER, VENDORED, assets

VENDOR = FOLDER / "vendor"
PUBLISHED = json.loads((VENDOR / "published.json").read_text("utf-8"))


def test_each_file_is_the_published_one() -> None:
    found = {path.name: path for path in VENDOR.iterdir() if path.name != "published.json"}
    listed = {name: entry for package in PUBLISHED for name, entry in package["files"].items()}
    assert found.keys() == listed.keys()
    for name, path in found.items():
        digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
        assert f"sha512-{digest}" == listed[name]["integrity"], name


def test_each_package_names_version_and_licence() -> None:
    for package in PUBLISHED:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert package["licence"] in ("MIT", "Apache-2.0")
        assert package["integrity"].startswith("sha512-")
        assert any(name.endswith(".LICENSE") for name in package["files"])


def test_no_import_leads_outside() -> None:
    """Only addresses of this server are imported, by what is vendored too."""
    for address, asset in assets().items():
        if asset.content_type == "text/javascript":
            for imported in re.findall(rb'(?:\bfrom|\bimport)\s*\(?"([^"]+)"', asset.body):
                assert imported.startswith((b"./", b"../", b"/static/")), (address, imported)
                if imported.startswith(b"/static/"):
                    assert imported.decode() in assets()
    assert {f"/static/vendor/{name}" for name in VENDORED.values()} <= assets().keys()
