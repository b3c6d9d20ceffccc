"""Any setting may come from a file that another names."""

from pathlib import Path

import pytest

from config.database import database
from config.environment import Environment
from config.variables import Variables


def reading(**given: str) -> Environment:
    env = Environment()
    env.ENVIRON = Variables(given)
    return env


def test_a_file_is_read_without_the_newline_an_editor_leaves(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("of many words \n")

    assert reading(SECRET_KEY_FILE=str(tmp_path / "key"))("SECRET_KEY") == "of many words "


def test_the_file_wins_and_the_variable_serves_without_it(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("filed")

    assert reading(K="set", K_FILE=str(tmp_path / "key"))("K") == "filed"
    assert reading(K="set")("K") == "set"
    assert reading(K="set", K_FILE="")("K") == "set"
    assert reading()("K", default="neither") == "neither"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "nothing"

    with pytest.raises(SystemExit, match=f"K_FILE names {missing}, which cannot be read"):
        reading(K_FILE=str(missing))("K", default="not this")


def test_the_databases_password_is_a_secret_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "password").write_text("p@ss/word\n")
    monkeypatch.setenv("DATABASE_URL", "postgresql://halyard@postgres:5432/halyard")
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", str(tmp_path / "password"))

    found = database("worker")

    assert (found["HOST"], found["USER"], found["PASSWORD"]) == ("postgres", "halyard", "p@ss/word")
