"""Schedules can be edited, results can be read; what means nothing here is not shown."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from django_celery_results.models import TaskResult

from accounts.models import User
from deferral.models import Job, Schedule
from tests.deferral.staff import sitting

BEAT, RESULTS = "/admin/django_celery_beat", "/admin/django_celery_results"


@pytest.fixture(autouse=True)
def _ledger(db: None) -> None:
    """In place of the other tests' of this folder: nothing here has to be committed."""


@pytest.fixture
def staff() -> Client:
    """Staff who may do everything."""
    return sitting(superuser=True)


@pytest.fixture
def schedule() -> PeriodicTask:
    """Something that happens every night."""
    night = CrontabSchedule.objects.create(hour="3", minute="40")
    return PeriodicTask.objects.create(name="sweep", task="deferral.sweep", crontab=night)


def form(schedule: PeriodicTask, **changes: Any) -> dict[str, Any]:
    """The page of a schedule as staff send it."""
    return {
        "name": schedule.name,
        "task": schedule.task,
        "kwargs": "{}",
        "enabled": "on",
        "crontab": schedule.crontab_id,
        **changes,
    }


def test_a_schedule_is_seen_and_changed(staff: Client, schedule: PeriodicTask) -> None:
    page = f"{BEAT}/periodictask/{schedule.pk}/change/"
    assert b"sweep" in staff.get(f"{BEAT}/periodictask/").content
    assert b"deferral.sweep" in staff.get(page).content

    answer = staff.post(page, form(schedule, name="sweep at night"))

    assert answer.status_code == 302
    assert PeriodicTask.objects.get().name == "sweep at night"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"task": "no.such_task"}, "no.such_task is not one of the available choices"),
        (
            {"task": "orders.refund_payment", "kwargs": '{"order_id": 1}'},
            "orders.refund_payment is not one of the available choices",
        ),
        ({"kwargs": "{"}, "This is not JSON"),
        ({"kwargs": "[1]"}, "Arguments are named"),
        ({"kwargs": '{"order_id": 1}'}, "deferral.sweep cannot be called with these"),
    ],
)
def test_a_schedule_that_could_never_run_is_refused(
    staff: Client, schedule: PeriodicTask, wrong: dict[str, str], said: str
) -> None:
    page = f"{BEAT}/periodictask/{schedule.pk}/change/"

    answer = staff.post(page, form(schedule, name="changed", **wrong))

    assert said in answer.content.decode()
    assert PeriodicTask.objects.get().name == "sweep"


@pytest.mark.parametrize("minute", ["-1", "61", "x", "*/0", "5-", ""])
def test_half_a_crontab_is_told_what_it_lacks(staff: Client, minute: str) -> None:
    times = {"minute": minute, "hour": "3", "day_of_month": "*", "month_of_year": "*"}
    times |= {"day_of_week": "*", "timezone": "UTC"}
    answer = staff.post(f"{BEAT}/crontabschedule/add/", times)

    assert answer.status_code == 200
    assert "minute" in answer.context["adminform"].errors
    assert not CrontabSchedule.objects.filter(minute=minute).exists()


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({"day_of_month": "30", "month_of_year": "2"}, "This never comes"),
        ({"day_of_month": "31", "month_of_year": "4,6"}, "This never comes"),
    ],
)
def test_a_crontab_that_never_comes_is_refused(
    staff: Client, times: dict[str, str], said: str
) -> None:
    fields = dict.fromkeys(("day_of_month", "month_of_year", "day_of_week"), "*")
    fields |= {"minute": "0", "hour": "3", "timezone": "UTC"} | times

    assert said in staff.post(f"{BEAT}/crontabschedule/add/", fields).content.decode()
    assert not CrontabSchedule.objects.exists()


@pytest.mark.parametrize(
    ("every", "period"), [("1", "microseconds"), ("0", "days"), ("2147483647", "days")]
)
def test_an_interval_that_nobody_could_keep_is_refused(
    staff: Client, every: str, period: str
) -> None:
    answer = staff.post(f"{BEAT}/intervalschedule/add/", {"every": every, "period": period})

    assert answer.status_code == 200
    assert not IntervalSchedule.objects.exists()


def test_what_becomes_of_missed_runs_is_chosen_in_the_form(
    staff: Client, schedule: PeriodicTask
) -> None:
    page = f"{BEAT}/periodictask/{schedule.pk}/change/"
    assert "make up for all of them once" in staff.get(page).content.decode()

    staff.post(page, form(schedule, missed_runs="skip"))

    assert Schedule.objects.get(form=schedule).missed == "skip"
    assert ">skip<" in staff.get(f"{BEAT}/periodictask/").content.decode()


def test_the_list_says_when_each_comes_next_or_that_it_never_does(
    staff: Client, schedule: PeriodicTask
) -> None:
    CrontabSchedule.objects.update(timezone="Europe/Berlin")
    assert "03:40:00" in staff.get(f"{BEAT}/periodictask/").content.decode()

    CrontabSchedule.objects.update(day_of_month="30", month_of_year="2")

    assert "This never comes" in staff.get(f"{BEAT}/periodictask/").content.decode()


def test_a_whole_crontab_is_put_into_words(staff: Client) -> None:
    CrontabSchedule.objects.create(minute="30", hour="3", timezone="UTC")

    assert "03:30" in staff.get(f"{BEAT}/crontabschedule/").content.decode()


def test_running_a_schedule_now_writes_a_job(staff: Client, schedule: PeriodicTask) -> None:
    data = {"action": "run_now", "_selected_action": [schedule.pk]}

    staff.post(f"{BEAT}/periodictask/", data)

    [job] = Job.objects.all()
    assert (job.task, job.subject, job.state) == ("deferral.sweep", "schedule:sweep", "pending")


def test_who_had_a_schedule_run_now_is_written_down_and_outlives_schedule_and_person(
    staff: Client, schedule: PeriodicTask
) -> None:
    answer = staff.post(
        f"{BEAT}/periodictask/", {"action": "run_now", "_selected_action": [schedule.pk]}
    )
    who: Any = answer.wsgi_request.user
    name, key = who.email, Job.objects.get().key
    assert LogEntry.objects.get().change_message == "Run now."
    schedule.delete()
    User.objects.filter(pk=who.pk).delete()
    Job.objects.all().delete()

    found = sitting(superuser=True).get(f"/admin/deferral/intervention/?q={name}")
    assert key in found.content.decode()


def test_a_schedule_of_a_task_that_is_not_made_for_schedules_does_not_run_now(
    staff: Client, schedule: PeriodicTask
) -> None:
    PeriodicTask.objects.update(task="orders.refund_payment", kwargs='{"order_id": 1}')
    data = {"action": "run_now", "_selected_action": [schedule.pk]}

    answer = staff.post(f"{BEAT}/periodictask/", data, follow=True)

    assert not Job.objects.exists()
    assert "0 will run now. 1 name a task that no schedule may run." in answer.content.decode()


def test_a_schedule_is_switched_off_from_the_list(staff: Client, schedule: PeriodicTask) -> None:
    data = {"action": "disable_tasks", "_selected_action": [schedule.pk]}

    staff.post(f"{BEAT}/periodictask/", data)

    assert not PeriodicTask.objects.get().enabled


def test_a_schedule_is_switched_on_from_the_list_and_counts_from_then(
    staff: Client, schedule: PeriodicTask
) -> None:
    since = timezone.now()
    PeriodicTask.objects.update(enabled=False, date_changed=since - timedelta(days=9))

    staff.post(f"{BEAT}/periodictask/", {"action": "enable_tasks", "_selected_action": schedule.pk})

    switched = PeriodicTask.objects.get()
    assert switched.enabled
    assert switched.date_changed >= since


def test_an_edited_crontab_is_an_edit_of_its_schedules(
    staff: Client, schedule: PeriodicTask
) -> None:
    since = timezone.now()
    PeriodicTask.objects.update(date_changed=since - timedelta(days=9))
    fields = dict.fromkeys(("day_of_month", "month_of_year", "day_of_week"), "*")

    page = f"{BEAT}/crontabschedule/{schedule.crontab_id}/change/"
    staff.post(page, fields | {"minute": "0", "hour": "5", "timezone": "UTC"})

    assert PeriodicTask.objects.get().date_changed >= since


def test_one_that_never_comes_is_not_switched_on(staff: Client, schedule: PeriodicTask) -> None:
    PeriodicTask.objects.update(enabled=False)
    CrontabSchedule.objects.update(day_of_month="30", month_of_year="2")

    staff.post(f"{BEAT}/periodictask/", {"action": "enable_tasks", "_selected_action": schedule.pk})

    assert not PeriodicTask.objects.get().enabled


def test_results_are_read_and_lead_to_their_jobs(staff: Client) -> None:
    task_id = str(uuid.uuid4())
    result = TaskResult.objects.create(task_id=task_id, task_name="deferral.sweep")

    assert f"?task_id__exact={task_id}" in staff.get(f"{RESULTS}/taskresult/").content.decode()
    assert staff.get(f"{RESULTS}/taskresult/{result.pk}/change/").status_code == 200
    assert staff.post(f"{RESULTS}/taskresult/{result.pk}/delete/").status_code == 403
    assert staff.get(f"/admin/deferral/job/?task_id__exact={task_id}").status_code == 200


def test_what_means_nothing_here_is_not_shown(staff: Client) -> None:
    index = staff.get("/admin/").content.decode()

    for shown in ("periodictask", "crontabschedule", "intervalschedule", "taskresult"):
        assert f"/{shown}/" in index
    for hidden in ("solarschedule", "clockedschedule", "groupresult"):
        assert f"/{hidden}/" not in index
