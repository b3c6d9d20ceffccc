"""`manage.py export`."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from reports.models import Export
from tests.reports.exports.exporting import orders, run, table, whole, written


def said(capsys: pytest.CaptureFixture[str], *words: Any) -> str:
    call_command("export", *map(str, words))
    return capsys.readouterr().out


def test_asked_for_and_saved(
    clerk: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    orders(2, state="paid")
    orders(1, state="cancelled")
    filters = ("--filters", "state__exact=paid", "--columns", "number,state")
    tag = said(capsys, "ask", "orders", "--as", clerk.email, *filters).strip()
    export = Export.objects.get(tag=tag)
    run(export)
    out = said(capsys, "save", tag, tmp_path / "orders.csv")

    assert (tmp_path / "orders.csv").read_bytes() == whole(export)
    assert len(table(whole(export))) == 3
    assert hashlib.sha256(whole(export)).hexdigest() in out


def test_nothing_is_written_over_a_file(clerk: Any, tmp_path: Path) -> None:
    export = written(clerk)
    (tmp_path / "mine.csv").write_text("mine")
    with pytest.raises(CommandError, match="exists"):
        call_command("export", "save", export.tag, str(tmp_path / "mine.csv"))

    assert (tmp_path / "mine.csv").read_text() == "mine"


def test_what_was_withdrawn_is_not_waited_for(
    clerk: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    export = written(clerk)
    said(capsys, "withdraw", export.tag, "--reason", "the wrong month")
    assert export.tag not in said(capsys, "list")
    with pytest.raises(CommandError, match="not to be had: withdrawn"):
        call_command("export", "save", export.tag, str(tmp_path / "no.csv"))
    with pytest.raises(CommandError, match="before"):
        call_command("export", "withdraw", export.tag, "--reason", "again")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--as", "nobody@example.org"], "Nobody"),
        (["--columns", "link_token"], "no column link_token"),
        (["--filters", "link_token__startswith=a"], "no such filters"),
        (["--format", "pdf"], "Paper"),
    ],
)
def test_what_cannot_be_had_is_said_in_a_sentence(clerk: Any, words: list[str], told: str) -> None:
    by = [] if "--as" in words else ["--as", clerk.email]
    with pytest.raises(CommandError, match=told):
        call_command("export", "ask", "orders", *by, *words)

    assert not Export.objects.exists()


def test_the_lists_and_their_columns_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "order-lines" in said(capsys, "lists")
