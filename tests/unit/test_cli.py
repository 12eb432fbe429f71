"""Tests of cli.py and __main__.py: the verbs, what they print and how they end."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from readstone import __version__, cli, server
from readstone.settings import AppConfig

TOKEN = "tok-4711-secret-0815"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of whoever runs the tests."""
    for name in os.environ:
        if name.startswith("READSTONE_"):
            monkeypatch.delenv(name)


def call(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run a verb; return its exit code."""
    monkeypatch.setattr(sys, "argv", ["readstone", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[AppConfig]:
    """With which configurations the service was started, had it been."""
    configs: list[AppConfig] = []
    monkeypatch.setattr(server, "serve", configs.append)
    return configs


def test_tables_are_brought_up_to_date(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The database that is configured gets its tables."""
    monkeypatch.setenv("READSTONE_JOBS__STORE", "database")
    monkeypatch.setenv("READSTONE_DATA__FOLDER", str(tmp_path))
    assert call(monkeypatch, "db", "upgrade") == 0
    assert capsys.readouterr().out == "the database is up to date\n"
    assert (tmp_path / "readstone.db").stat().st_size > 0


def test_token_is_new_and_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each call prints another secret that fits into the setting."""
    assert call(monkeypatch, "token") == call(monkeypatch, "token") == 0
    first, second = capsys.readouterr().out.split()
    assert first != second
    assert len(first) >= 40
    assert not {":", ","} & set(first + second)


def test_check_prints_what_is_in_force(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Configuration, engine and languages are shown, and no secret."""
    monkeypatch.setenv("READSTONE_AUTH__TOKENS", f"alice:{TOKEN}")
    monkeypatch.setenv("READSTONE_REDACTION__KEY", f"key {TOKEN}")
    monkeypatch.setenv("READSTONE_OCR__PSM", "6")
    assert call(monkeypatch, "check") == 0
    printed = capsys.readouterr().out
    assert TOKEN not in printed
    settings, found, facts = printed.partition(f"readstone {__version__}\n")
    assert found
    shown = yaml.safe_load(settings)
    assert shown["ocr"]["psm"] == 6
    assert set(shown["auth"]["tokens"]) == {"alice"}
    assert shown["environment"] == "local"
    engine, second, languages = facts.splitlines()
    assert engine.startswith("engine: tesseract ")
    assert re.fullmatch(r"second engine: rapidocr [\d.]+ \(auto\)", second)
    assert "eng" in languages.removeprefix("languages: ").split(", ")


@pytest.mark.parametrize("verb", ["check", "serve"])
def test_wrong_setting_ends_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], verb: str
) -> None:
    """What cannot work is told on standard error, without a traceback."""
    monkeypatch.setenv("READSTONE_OCR__PSM", "99")
    assert call(monkeypatch, verb) == 2
    written = capsys.readouterr()
    assert written.out == ""
    (line,) = written.err.splitlines()
    assert line.startswith("readstone: ocr.psm: ")


def test_serve_takes_the_configuration(
    monkeypatch: pytest.MonkeyPatch, served: list[AppConfig]
) -> None:
    """Without options, file and variables decide."""
    monkeypatch.setenv("READSTONE_SERVER__PORT", "8123")
    assert call(monkeypatch, "serve") == 0
    assert (served[0].server.host, served[0].server.port) == ("127.0.0.1", 8123)


def test_options_beat_variables(monkeypatch: pytest.MonkeyPatch, served: list[AppConfig]) -> None:
    """What is said last counts."""
    monkeypatch.setenv("READSTONE_SERVER__PORT", "8123")
    assert call(monkeypatch, "serve", "--host", "::1", "--port", "8124") == 0
    assert (served[0].server.host, served[0].server.port) == ("::1", 8124)


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--host", "0.0.0.0"], "READSTONE_AUTH__TOKENS"), (["--port", "70000"], "server.port")],
)
def test_options_are_checked_like_settings(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    served: list[AppConfig],
    words: list[str],
    said: str,
) -> None:
    """An option cannot do what a setting may not."""
    assert call(monkeypatch, "serve", *words) == 2
    assert said in capsys.readouterr().err
    assert not served


def test_unknown_verb_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The usage is shown."""
    assert call(monkeypatch, "bake") == 2
    assert "Usage" in capsys.readouterr().err


def test_module_runs_the_verbs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m readstone` is the command."""
    monkeypatch.setattr(sys, "argv", ["readstone", "token"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("readstone", run_name="__main__")
    assert not ended.value.code
    assert capsys.readouterr().out.strip()


def test_package_imports_nothing() -> None:
    """A worker that imports the package pays for none of its libraries."""
    heavy = "{'fastapi', 'typer', 'numpy', 'PIL', 'pydantic', 'readstone.cli'}"
    code = f"import sys, readstone, readstone.__main__; print({heavy} & set(sys.modules))"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "set()"


def test_eval_pii_prints_a_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A file of texts becomes a table; one that cannot be used, a line on standard error."""
    file = tmp_path / "set.jsonl"
    file.write_text('{"lang": "en", "text": "x", "items": []}')
    assert call(monkeypatch, "eval", "pii", str(file)) == 0
    assert "precision" in capsys.readouterr().out
    assert call(monkeypatch, "eval", "pii", str(tmp_path / "none")) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_eval_invoices_refuses_a_folder_without_a_manifest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing is started for a folder with which nothing can be compared."""
    assert call(monkeypatch, "eval", "invoices", str(tmp_path)) == 2
