"""The bookkeeper hears of a month once all is over, and again once what was missing is there."""

import io
from typing import Any

import pikepdf
import pytest
from django.db import transaction

from deferral.models import Job
from notifications import delivery, services
from notifications.gateway import Mail
from reports.models import Statement, StatementFile, StatementRun
from reports.statements.paper import statement_on_paper
from tests.reports.months import at, bought, made, replay_dead

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Mail]:
    """What was handed to the mail server."""
    found: list[Mail] = []
    monkeypatch.setattr(delivery, "send_mail", found.append)
    return found


def test_once_all_is_made_the_bookkeeper_is_told_with_the_sums(sent: list[Mail]) -> None:
    bought(at(2026, 11, 10))
    run = made("2026-11")

    [mail] = sent
    assert mail.subject == "Statements of November 2026: 1 made"
    assert mail.key == f"statements_made:2026-11:{run.tag}"
    [sums] = mail.attachments
    assert len(pikepdf.open(io.BytesIO(sums.content)).pages) == 1
    assert sums.filename == "Halyard-2026-11-sums.pdf"


def test_what_needs_somebody_is_counted_named_and_told_again_once_it_is_mended(
    sent: list[Mail], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ada", "bob", "eva"):
        bought(at(2026, 11, 10), f"{name}@example.org")

    def broken(statement: Statement) -> dict[str, Any]:
        if statement.customer != "ada@example.org":
            raise ZeroDivisionError
        return statement_on_paper(statement)

    with monkeypatch.context() as patch:
        patch.setattr("reports.statements.writing.statement_on_paper", broken)
        made("2026-11")
    replay_dead()

    first, second = sent
    assert first.subject == "Statements of November 2026: 1 made, 2 need somebody"
    assert "- bob@example.org" in first.text
    assert "more" not in first.text.partition("You get")[0]
    assert second.subject == "Statements of November 2026: 3 made"
    assert "are made" in second.text


def test_a_month_whose_own_job_is_dead_is_told_as_that(
    sent: list[Mail], monkeypatch: pytest.MonkeyPatch
) -> None:
    bought(at(2026, 11, 10))
    with monkeypatch.context() as patch:
        patch.setattr("reports.statements.making.content_of", dict)
        made("2026-11")
    assert Job.objects.filter(task="reports.make_statements", state="dead").exists()
    replay_dead()

    first, second = sent
    assert "their own job needs somebody" in first.text
    assert second.subject == "Statements of November 2026: 1 made"


def test_a_mail_that_is_tried_again_says_what_is_so_now(
    sent: list[Mail], monkeypatch: pytest.MonkeyPatch
) -> None:
    bought(at(2026, 11, 10))
    made("2026-11")
    StatementFile.objects.exclude(statement=None).delete()
    monkeypatch.setattr(delivery, "finishing", transaction.atomic)

    services.tell_of_statements(run_id=StatementRun.objects.get().pk, key="again")

    assert sent[-1].subject == "Statements of November 2026: 0 made, 1 needs somebody"
