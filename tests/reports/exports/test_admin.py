"""Exports in the admin: from a list to a file in the staff."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from deferral.models import Intervention, Job
from reports.exports.catalogue import DATASETS
from reports.exports.keeping import forget_old_exports
from reports.models import Export
from tests.reports.exports.exporting import ask, job_of, orders, run, somebody, table, written


@pytest.fixture
def staff(clerk: Any) -> Client:
    client = Client()
    client.force_login(clerk)
    return client


def asking(dataset: str = "orders", filters: str = "") -> str:
    return reverse("admin:reports_export_ask", args=[dataset]) + filters


def address(export: Export, page: str, *more: str) -> str:
    return reverse(f"admin:reports_export_{page}", args=[export.pk, *more])


def fetched(client: Client, export: Export) -> bytes:
    answer = client.get(address(export, "file"))
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_from_the_list_on_the_screen_to_the_file(staff: Client) -> None:
    orders(2, state="paid")
    orders(3, state="cancelled")
    page = staff.get(reverse("admin:orders_order_changelist") + "?state__exact=paid&o=1&p=0")
    link = asking(filters="?state__exact=paid")
    assert f'href="{link}"' in page.content.decode()
    assert "2 rows" in staff.get(link).content.decode()

    answer = staff.post(link, {"format": "csv", "columns": ["number", "state"]})
    export = Export.objects.get()
    run(export)

    assert answer.headers["Location"] == address(export, "change")
    assert [row[1] for row in table(fetched(staff, export))] == ["State", "paid", "paid"]


@pytest.mark.parametrize("dataset", DATASETS)
def test_each_list_leads_to_its_export(staff: Client, dataset: str) -> None:
    listed = DATASETS[dataset].listed._meta.label_lower.replace(".", "_")
    page = staff.get(reverse(f"admin:{listed}_changelist")).content.decode()

    assert "Export…" in page
    form = staff.get(asking(dataset)).content.decode()
    assert all(escape(column.label) in form for column in DATASETS[dataset].columns)


def test_the_page_shows_its_bars_and_then_the_download(staff: Client, clerk: Any) -> None:
    orders(3)
    export = ask(clerk)
    page = staff.get(address(export, "change")).content.decode()
    assert "about to be written" in page
    run(export)
    page = staff.get(address(export, "progress")).content.decode()

    assert "<strong" in page
    assert "rows" in page
    assert address(export, "file") in page
    assert address(export, "file") in staff.get(address(export, "change")).content.decode()


def test_a_browser_saves_it_and_believes_its_kind(staff: Client, clerk: Any) -> None:
    for format_, kind in (("csv", "text/csv"), ("csv.gz", "application/gzip")):
        answer = staff.get(address(written(clerk, format=format_), "file"))
        assert answer.headers["Content-Type"].startswith(kind)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Encoding" not in answer.headers
        answer.close()


def test_what_somebody_else_asked_for_is_not_there(clerk: Any) -> None:
    export = written(clerk)
    other = somebody("orders.view_order", email="other@halyard.example")
    client = Client()
    client.force_login(other)
    pages = ["change", "file", "progress"]
    assert client.get(address(export, "file")).status_code == 404
    assert client.get(address(export, "progress")).status_code == 404
    assert (
        export.filename
        not in client.get(reverse("admin:reports_export_changelist")).content.decode()
    )

    other.user_permissions.add(Permission.objects.get(codename="see_all_exports"))
    assert [client.get(address(export, page)).status_code for page in pages] == [200] * 3


def test_who_may_not_see_its_rows_any_more_cannot_fetch_it(staff: Client, clerk: Any) -> None:
    export = written(clerk)
    clerk.user_permissions.remove(Permission.objects.get(codename="view_order"))

    assert staff.get(address(export, "file")).status_code == 403


def test_who_may_not_see_a_list_is_not_asked(clerk: Any) -> None:
    client = Client()
    client.force_login(somebody(email="other@halyard.example"))

    assert client.get(asking()).status_code == 403
    assert client.post(asking(), {"format": "csv", "columns": ["number"]}).status_code == 403
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"format": "exe", "columns": ["number"]},
        {"format": "csv"},
        {"format": "csv", "columns": ["link_token"]},
        {"format": "pdf", "columns": [one.name for one in DATASETS["orders"].columns]},
    ],
)
def test_what_cannot_be_written_is_refused_in_a_sentence(staff: Client, sent: Any) -> None:
    answer = staff.post(asking(), sent)

    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert not Export.objects.exists()


@pytest.mark.parametrize("filters", ["?link_token__startswith=a", "?state__exact=x&nonsense=1"])
def test_a_filter_that_the_list_has_not_is_refused(staff: Client, filters: str) -> None:
    page = staff.get(asking(filters=filters)).content.decode()
    staff.post(asking(filters=filters), {"format": "csv", "columns": ["number"]})

    assert "The list has no such filters." in page
    assert not Export.objects.exists()


def test_asked_twice_within_a_minute_it_is_one(staff: Client) -> None:
    for _ in range(2):
        staff.post(asking(), {"format": "csv", "columns": ["number"]})
    assert Export.objects.count() == 1

    Export.objects.update(asked_at=timezone.now() - timedelta(seconds=61))
    staff.post(asking(), {"format": "csv", "columns": ["number"]})
    assert Export.objects.count() == 2


def test_too_much_work_is_answered_with_the_time_to_come_back(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deferral.admin.kit.refusing.refuse", lambda _queues: 90)
    answer = staff.post(asking(), {"format": "csv", "columns": ["number"]})

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "90")
    assert not Export.objects.exists()


def test_withdrawn_its_job_ends_and_its_file_goes(staff: Client, clerk: Any) -> None:
    export = ask(clerk)
    job = job_of(export)
    decide = address(export, "decide", "withdraw")
    assert staff.post(decide, {"reason": ""}).status_code == 200
    staff.post(decide, {"reason": "the wrong month"})

    job.refresh_from_db()
    assert job.state in {*Job.SETTLED}
    assert Intervention.objects.filter(reason__contains="the wrong month").exists()
    page = staff.get(reverse("admin:reports_export_changelist")).content.decode()
    assert "withdrawn" in page


def test_withdrawn_before_its_job_was_written_nothing_is(staff: Client, clerk: Any) -> None:
    orders(2)
    export = ask(clerk)
    staff.post(address(export, "decide", "withdraw"), {"reason": "too early"})

    assert run(export).state == "done"
    assert not export.files.exists()


def test_a_file_is_kept_for_a_week(staff: Client, clerk: Any) -> None:
    export = written(clerk)
    assert forget_old_exports() == 0
    Export.objects.update(ready_at=timezone.now() - timedelta(days=7, minutes=1))
    assert staff.get(address(export, "file")).status_code == 404

    assert forget_old_exports() == 1
    assert forget_old_exports() == 0
    assert "deleted" in staff.get(reverse("admin:reports_export_changelist")).content.decode()
