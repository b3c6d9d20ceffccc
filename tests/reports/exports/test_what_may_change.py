"""What changes between the request and the file, or was never there."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from deferral.admin.kit.searching import Findable
from deferral.models import Job
from reports.exports.choosing import NotExportable
from reports.exports.keeping import forget_old_exports
from reports.models import Export, ExportFile
from tests.deferral.bench import run as run_once
from tests.reports.exports.exporting import ask, job_of, orders, run, table, whole


def numbers(export: Export) -> list[str]:
    return [row[0] for row in table(whole(export))[1:]]


def test_what_a_search_found_is_exported_though_it_would_find_something_else_now(
    clerk: Any,
) -> None:
    placed = orders(3, name="Marlene Dietrich")
    export = ask(clerk, columns=["number"], filters="q=marl")
    orders(1, email="marl@example.org")
    run(export)

    assert numbers(export) == [order.number for order in placed]


def test_a_search_that_finds_more_than_it_lists_is_refused(
    clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Findable, "MOST", 3)
    orders(3, name="Marlene Dietrich")

    with pytest.raises(NotExportable, match="Take filters"):
        ask(clerk, filters="q=marl")


@pytest.mark.parametrize("filters", ["q=" + 2_000 * "a", "q=%00", "q=" + 400 * "%C3%BC"])
def test_filters_that_cannot_be_are_refused_in_a_sentence(clerk: Any, filters: str) -> None:
    with pytest.raises(NotExportable):
        ask(clerk, filters=filters)


def test_replayed_after_its_parts_were_deleted_it_says_so_at_once(
    clerk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders(3)
    export = ask(clerk)
    with monkeypatch.context() as patched:
        patched.setattr("reports.exports.writing.write_file", lambda *_: 1 / 0)
        job = run(export)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DEAD)
    Export.objects.update(asked_at=timezone.now() - timedelta(days=8))
    assert forget_old_exports() == 1
    Job.objects.filter(pk=job.pk).update(state=Job.State.PENDING, next_at=Now(), attempts=0)
    job = run_once(job)

    assert (job.state, job.attempts) == (Job.State.DEAD, 1)
    assert "deleted after a week" in job.errors[-1]["message"]


def test_a_list_that_the_code_knows_no_more_is_a_dead_letter_that_says_so(clerk: Any) -> None:
    export = ask(clerk)
    Export.objects.update(dataset="invoices")
    job = run(export)

    assert job.state == Job.State.DEAD
    assert "no more" in job.errors[-1]["message"]


def test_what_died_within_the_minute_is_asked_for_anew(clerk: Any) -> None:
    first = ask(clerk)
    job = job_of(first)
    assert ask(clerk) == first
    Job.objects.filter(pk=job.pk).update(state=Job.State.DEAD)

    assert ask(clerk) != first


def test_a_cell_of_any_length_can_be_read_again(clerk: Any) -> None:
    orders(1, address="a" * 200_000)
    export = ask(clerk, format="xlsx", columns=["address"])

    assert run(export).state == "done"


def test_a_file_is_kept_by_nobody_in_between(clerk: Any) -> None:
    client = Client()
    client.force_login(clerk)
    export = ask(clerk)
    run(export)
    answer = client.get(reverse("admin:reports_export_file", args=[export.pk]))

    assert "no-store" in answer.headers["Cache-Control"]
    answer.close()
    assert ExportFile.objects.filter(export=export).exists()
