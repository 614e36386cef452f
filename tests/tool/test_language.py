"""The reader's language: how it is chosen, that every sentence is in the catalog, and that it reaches the screen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from mpdt import cli, config, language
from mpdt.cli import COMMANDS, main
from mpdt.commands.translated import TranslatedHelp
from mpdt.commands.wide_text import columns, wrapped
from mpdt.config import ConfigError
from mpdt.dev.platform import ui_language
from mpdt.language import CHINESE, ENGLISH
from tools import catalog

ROOT = Path(__file__).parents[2]
ENVIRONMENT_BEFORE = os.environ.get("LANGUAGE")


@pytest.fixture(autouse=True)
def english_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MPDT_CONFIG_FILE", str(tmp_path / "settings.toml"))
    yield
    language.take_back()
    language.use(ENGLISH)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *((name, CHINESE) for name in ("zh_CN", "zh-CN", "zh", "zh_CN.UTF-8", "zh-Hans", "ZH_TW.Big5")),
        *((name, ENGLISH) for name in ("en", "en_GB.UTF-8", "EN-us", "C", "C.UTF-8", "POSIX")),
        *((name, None) for name in ("", "fr_FR.UTF-8", "zhuang", "english", None)),
    ],
)
def test_names_of_languages(name: str | None, meant: str | None) -> None:
    assert language.normalised(name) == meant


def test_the_first_locale_variable_that_is_set_decides() -> None:
    assert language.of_locale({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}) == CHINESE
    assert language.of_locale({"LC_ALL": "", "LC_MESSAGES": "zh", "LANG": "en"}) == CHINESE
    assert language.of_locale({"LANG": "fr_FR.UTF-8"}) == ENGLISH
    assert language.of_locale({}) is None


def test_windows_menus_say_it_where_no_locale_does() -> None:
    assert [ui_language(one) for one in (0x0804, 0x0404, 0x0409, 0x040C, None)] == ["zh", "zh", "en", None, None]


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("MPDT_LANG", *language.LOCALE_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_order_of_those_who_choose(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cli.readers_language() == ENGLISH
    bare.setattr("mpdt.dev.platform.ui_language_id", lambda: 0x0804)
    assert cli.readers_language() == CHINESE
    bare.setenv("LANG", "en_US.UTF-8")
    assert cli.readers_language() == ENGLISH
    (tmp_path / "settings.toml").write_text('lang = "zh"\n')
    assert cli.readers_language() == CHINESE
    bare.setenv("MPDT_LANG", "en")
    assert cli.readers_language() == ENGLISH


def test_a_broken_users_file_is_no_reason_to_be_silent(bare: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("lang = [\n")
    assert cli.readers_language() == ENGLISH


def test_a_language_that_is_none_of_ours_is_refused() -> None:
    done = CliRunner().invoke(main, ["--lang", "fr", "dev"])
    assert (done.exit_code, "mpdt speaks en, zh_CN, not 'fr'." in done.stderr) == (2, True)
    with pytest.raises(ConfigError, match="mpdt speaks en, zh_CN, not 'fr'"):
        config.load(ROOT, {}, {"MPDT_LANG": "fr", "MPDT_CONFIG_FILE": "none"})


def test_values_are_put_in() -> None:
    language.use(CHINESE)
    assert language._("mpdt speaks {languages}, not {name!r}.", languages="en", name="fr") == (
        "mpdt 支持的语言是 en，没有 'fr'。"
    )
    assert language._("Not in the catalog: {x}", x="{y}") == "Not in the catalog: {y}"


def test_plurals() -> None:
    for count, shown in ((1, "1 call"), (2, "2 calls"), (0, "0 calls")):
        assert language.plural("{count} call", "{count} calls", count) == shown


def test_a_child_is_told_and_finds_its_environment_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    language.use(CHINESE)
    language.lend_to_libraries()
    language.lend_to_libraries()
    assert os.environ["LANGUAGE"] == CHINESE
    told = language.for_child(os.environ)
    assert (told["LANGUAGE"], told["MPDT_LANG"]) == ("de", CHINESE)
    language.take_back()
    assert os.environ["LANGUAGE"] == "de"


# The catalog


def test_the_catalog_is_what_the_sources_say() -> None:
    """Mend with ``python tools/catalog.py``, which lists what is to be translated in mpdt.po."""
    texts = list(catalog.found())
    for name in catalog.LANGUAGES:
        po = catalog.as_po(catalog.updated(name, texts))
        assert catalog.po_file(name).read_text(encoding="utf-8") == po.decode(), "run tools/catalog.py"
        assert catalog.po_file(name).with_suffix(".mo").read_bytes() == catalog.as_mo(po, name), "run tools/catalog.py"


def test_everything_is_translated() -> None:
    for name in catalog.LANGUAGES:
        assert catalog.all_faults(catalog.read(name)) == []


PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8"

{comment}
msgid "The folder {{path}} is gone."
msgstr "{text}"
"""


@pytest.mark.parametrize(
    ("comment", "text", "fault"),
    [
        ("", "目录 {path} 不见了。", None),
        ("", "", "not translated"),
        ("#, fuzzy", "目录 {path} 不见了。", "fuzzy"),
        ("", "目录不见了。", "other values"),
        ("", "目录 {pfad} 不见了。", "other values"),
    ],
)
def test_faults_of_a_translation_are_found(comment: str, text: str, fault: str | None) -> None:
    import io

    from babel.messages.pofile import read_po

    found = catalog.all_faults(read_po(io.BytesIO(PO.format(comment=comment, text=text).encode()), locale="zh_CN"))
    assert (found == []) if fault is None else (len(found) == 1 and found[0].startswith(fault))


def test_what_is_extracted() -> None:
    source = '''
_("one {x}" " and more", x=1)
language._("two")
plural("three", "threes", n)
later("four")
said("five {x}", x=1)
_(name)
RudeKind("CODE", "six", "seven", "eight", True)
@click.command("name", help="nine")
@click.option("--flag", help="ten")
def command():
    """Eleven.

    Twelve.
    """
'''
    assert [text for text, _many in catalog.texts_of(source)] == [
        *("Eleven.\n\nTwelve.", "one {x} and more", "two", "three", "four", "five {x}", "six", "seven", "eight"),
        *("nine", "ten"),
    ]


# On the screen


def mpdt(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mpdt", *arguments],
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def commands() -> dict[str, click.Command]:
    with click.Context(main) as context:
        return {name: command for name in COMMANDS if (command := main.get_command(context, name)) is not None}


def test_every_command_looks_its_help_up() -> None:
    for name, command in commands().items():
        assert isinstance(command, TranslatedHelp), f"{name}: @click.command(..., cls=TranslatedHelp)"


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_chinese(name: str) -> None:
    english = mpdt(*filter(None, [name, "--help"]), MPDT_LANG="en").stdout
    chinese = mpdt("--lang", "zh_CN", *filter(None, [name, "--help"])).stdout
    assert "用法：" in chinese
    assert "选项" in chinese
    told = {line.strip() for line in english.splitlines() if " " in line.strip()}
    assert [line for line in chinese.splitlines() if line.strip() in told] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_chinese_help_fits_into_the_terminal(name: str) -> None:
    """A Chinese character takes two columns; click counts it as one."""
    lines = mpdt("--lang", "zh_CN", name, "--help", COLUMNS="80").stdout.partition("\n\n")[2].splitlines()
    assert [line for line in lines if columns(line) > 80] == []


def test_lines_are_broken_where_a_reader_would() -> None:
    assert wrapped("每次保存之后，都与全新的 interpreter 比对。", 16) == [
        "每次保存之后，都",
        "与全新的",
        "interpreter 比",
        "对。",
    ]
    assert wrapped("a word, and another", 8) == ["a word,", "and", "another"]
    assert wrapped("", 8) == []


def test_errors_of_the_command_line_are_chinese() -> None:
    assert "错误：没有命令 'nope'。" in mpdt("nope", MPDT_LANG="zh_CN").stderr
    assert "错误：没有选项 '--nope'。" in mpdt("--nope", MPDT_LANG="zh_CN").stderr
    assert "没有选项 '--nope'。" in mpdt("dev", "--nope", LC_ALL="zh_CN.UTF-8", MPDT_LANG="").stderr


def test_the_version_looks_nothing_up() -> None:
    script = """
import sys
from mpdt.cli import main
try:
    main(["--version"])
finally:
    print([name for name in ("platformdirs", "mpdt.config") if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "MPDT_LANG": "", "LANG": "zh_CN.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_command_that_cannot_start_says_so_in_chinese(tmp_path: Path) -> None:
    done = mpdt("dev", str(tmp_path / "none"), MPDT_LANG="zh_CN")
    assert (done.returncode, done.stderr) == (2, f"mpdt: 没有目录 {str(tmp_path / 'none')!r}。请给出插件目录的路径。\n")
    done = mpdt("send", "x", MPDT_LANG="zh_CN", MPDT_RUNTIME_DIR=str(tmp_path))
    assert (done.returncode, done.stderr) == (2, "mpdt: 没有正在运行的 mpdt dev。先启动一个：mpdt dev PATH\n")


def test_the_setting_of_the_plugin_is_obeyed(tmp_path: Path) -> None:
    (tmp_path / "plugin.py").touch()
    (tmp_path / "pyproject.toml").write_text('[tool.mpdt]\nlang = "zh"\npython = "no-such"\n')
    done = mpdt("dev", str(tmp_path), MPDT_LANG="", LC_ALL="C")
    assert "没有解释器 'no-such'" in done.stderr
    done = mpdt("--lang", "en", "dev", str(tmp_path), MPDT_LANG="", LC_ALL="C")
    assert "There is no interpreter 'no-such'" in done.stderr


def test_the_worker_speaks_as_the_supervisor_and_the_plugin_finds_the_users_own(tmp_path: Path) -> None:
    """The worker is told by its environment; what click needed there is gone again."""
    from mpdt.dev.spawn import abandon, spawn

    script = "import os; from mpdt.language import _; print(os.environ.get('LANGUAGE'), _('The worker is gone.'))"
    language.use(CHINESE)
    language.lend_to_libraries()
    spawned = spawn([sys.executable, "-c", script], tmp_path, {**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        assert spawned.process.stdout is not None
        assert spawned.process.stdout.read().decode().strip() == f"{ENVIRONMENT_BEFORE} 工作进程已经不在了。"
    finally:
        abandon(spawned)
