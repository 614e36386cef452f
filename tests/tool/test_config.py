"""Where settings come from, and what is said about those that are not understood."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mpdt.config import Config, ConfigError, Layer, Merged, from_environment, load, merge

LAYERS = ["pyproject", "user", "environment", "options"]


def loaded(folder: Path, *, upto: str = "options", **options: Any) -> Merged:
    """The four layers, each with a port of its own, up to one of them."""
    active = LAYERS[: LAYERS.index(upto) + 1]
    if "pyproject" in active:
        (folder / "pyproject.toml").write_text("[tool.mpdt]\nport = 1001\npatch-live = true\n")
    environment = {"MPDT_CONFIG_FILE": str(folder / "user.toml")}
    if "user" in active:
        (folder / "user.toml").write_text("port = 1002\n")
    if "environment" in active:
        environment["MPDT_PORT"] = "1003"
    return load(folder, {"port": 1004} if "options" in active else options, environment)


@pytest.mark.parametrize(("upto", "port"), list(zip(LAYERS, range(1001, 1005), strict=True)))
def test_later_layers_win(tmp_path: Path, upto: str, port: int) -> None:
    config = loaded(tmp_path, upto=upto).config
    assert config.port == port
    assert config.patch_live is True


def test_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, {}, {"MPDT_CONFIG_FILE": str(tmp_path / "none")}) == Merged(Config(), ())


def test_an_option_that_was_not_given_changes_nothing() -> None:
    assert merge([Layer("x", {"port": 9000}), Layer("the command line", {"port": None})]).config.port == 9000


@pytest.mark.parametrize("key", ["prt", "Port-Number", "PORTS"])
def test_an_unknown_key_is_named_with_the_closest_one(key: str) -> None:
    merged = merge([Layer("[tool.mpdt] of pyproject.toml", {key: 1})])
    assert merged.config == Config()
    assert merged.warnings == (f"[tool.mpdt] of pyproject.toml: there is no setting {key!r}. Did you mean 'port'?",)


def test_an_unknown_key_that_is_like_none_lists_all() -> None:
    (warning,) = merge([Layer("x", {"zzz": 1})]).warnings
    assert "Known are patch-live, port, host" in warning


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("port", "8080", "'port' must be a number, not '8080'."),
        ("port", True, "'port' must be a number, not True."),
        ("port", 70000, "'port' must be between 0 and 65535, not 70000."),
        ("debug", 1, "'debug' must be true or false, not 1."),
        ("host", 1, "'host' must be a text, not 1."),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(key: str, value: object, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        merge([Layer("x", {key: value})])
    assert str(caught.value) == f"x: {sentence}"


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("off", False), ("0", False)])
def test_the_environment_speaks_text(text: str, value: bool) -> None:
    assert merge([from_environment({"MPDT_PATCH_LIVE": text})]).config.patch_live is value


def test_other_variables_of_ours_are_no_settings() -> None:
    assert from_environment({"MPDT_WORKER_PORT": "1", "MPDT_RUNTIME_DIR": "/x", "HOME": "/"}).values == {}


def test_a_broken_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.mpdt\n")
    with pytest.raises(ConfigError, match=r"pyproject.toml cannot be read"):
        load(tmp_path, {}, {"MPDT_CONFIG_FILE": str(tmp_path / "none")})
