"""A campaign's audience is written down by a job, piece by piece, after the request's answer."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from deferral.ledger.control import cancel_job, pause_job
from deferral.models import Job
from deferral.relay.expansion import expand_events
from notifications.campaigns import audience, control, trial
from notifications.models import Campaign, Subscription, Suppression
from notifications.newsletter import consent
from tests.config.test_roles import somebody
from tests.deferral.bench import deliver
from tests.notifications.mailings import a_campaign, begun, crowd, started, states, subscribe

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/notifications/campaign/"


class Killed(Exception):
    """Its process is gone."""


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audience, "PIECE", 10)


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Its worker dies over each piece whose number is in here."""
    numbers: list[int] = []
    freeze, count = audience.freeze_piece, iter(range(1, 1_000))

    def dies(*args: object) -> audience.Frozen | None:
        found = freeze(*args)  # type: ignore[arg-type]  # as they came
        if next(count) in numbers:
            raise Killed
        return found

    monkeypatch.setattr(audience, "freeze_piece", dies)
    return numbers


def now() -> Campaign:
    return Campaign.objects.get()


def work(campaign: Campaign) -> None:
    """One turn of a worker with the youngest of its jobs."""
    expand_events()
    jobs = Job.objects.filter(subject=campaign.subject, state="pending")
    jobs.update(next_at=timezone.now())
    deliver(jobs.latest("id"))


def test_the_request_writes_nobody_down_and_a_job_everybody() -> None:
    readers = crowd(25, "all.example.org")
    campaign = begun()
    assert (now().state, campaign.recipients.count()) == ("freezing", 0)
    work(campaign)

    assert (now().state, now().audience, now().is_whole) == ("running", 25, True)
    assert states(campaign) == dict.fromkeys(readers, "todo")
    numbers = campaign.recipients.order_by("number").values_list("number", "chunk")
    assert list(numbers) == [(n, 0) for n in range(1, 26)]


def test_killed_over_a_piece_it_goes_on_and_nobody_is_missing_or_twice(killed: list[int]) -> None:
    readers = crowd(45, "killed.example.org")
    killed += [2, 3, 5]
    campaign = begun()
    seen = []
    for _ in range(4):
        work(campaign)
        seen.append(campaign.recipients.count())

    assert seen == [10, 10, 20, 45]
    assert sorted(states(campaign)) == sorted(readers)
    assert now().state == "running"


def test_who_confirms_after_the_start_is_not_in_it_although_a_later_piece_would_hold_them() -> None:
    subscribe("a@after.example.org", "b@after.example.org")
    campaign = begun()
    consent.confirm(address="z@after.example.org")
    work(campaign)

    assert sorted(states(campaign)) == ["a@after.example.org", "b@after.example.org"]


def test_what_is_left_out_of_a_whole_piece_ends_nothing() -> None:
    gone = crowd(20, "a.example.org")
    Suppression.objects.bulk_create(Suppression(address=one.upper(), because="x") for one in gone)
    subscribe("z@z.example.org")
    campaign = started()

    assert states(campaign) == {"z@z.example.org": "todo"}


def test_paused_meanwhile_it_is_written_down_and_nothing_is_sent_before_it_is_resumed() -> None:
    crowd(5, "pause.example.org")
    campaign = begun()
    control.pause_campaign(campaign_id=campaign.pk, by="ada", reason="a typo")
    work(campaign)
    assert (now().state, campaign.recipients.count()) == ("paused", 5)
    assert not Job.objects.filter(task="notifications.send_chunk").exists()

    control.resume_campaign(campaign_id=campaign.pk, by="ada")
    expand_events()
    assert now().state == "running"
    assert Job.objects.get(task="notifications.send_chunk").kwargs["run"] == 2


def test_resumed_before_it_is_whole_it_is_sent_once_it_is() -> None:
    crowd(5, "early.example.org")
    campaign = begun()
    control.pause_campaign(campaign_id=campaign.pk, by="ada", reason="a typo")
    control.resume_campaign(campaign_id=campaign.pk, by="ada")
    assert now().state == "freezing"
    work(campaign)
    expand_events()

    assert now().state == "running"
    assert Job.objects.get(task="notifications.send_chunk").kwargs["run"] == 2


def test_one_that_code_of_0_2_0_has_started_goes_on_after_a_pause() -> None:
    crowd(3, "old.example.org")
    campaign = a_campaign()
    Campaign.objects.update(state="running", run=1, started_at=timezone.now())
    audience.freeze_piece(now(), audience.Frozen())
    control.pause_campaign(campaign_id=campaign.pk, by="ada", reason="a typo")
    control.resume_campaign(campaign_id=campaign.pk, by="ada")
    expand_events()

    assert now().state == "running"
    assert Job.objects.get(task="notifications.send_chunk").kwargs["run"] == 2


def test_cancelled_meanwhile_no_further_piece_is_written_and_the_rest_is_skipped(
    killed: list[int],
) -> None:
    crowd(30, "cancel.example.org")
    killed += [2]
    campaign = begun()
    work(campaign)
    control.cancel_campaign(campaign_id=campaign.pk, by="ada", reason="a typo")
    for _ in range(2):
        work(campaign)

    assert list(states(campaign).values()) == ["skipped"] * 10
    assert now().state == "cancelled"
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_a_cancellation_answers_at_once_and_a_job_skips_the_rest() -> None:
    crowd(25, "rest.example.org")
    campaign = started()
    campaign.recipients.filter(number=1).update(state="sent")
    control.cancel_campaign(campaign_id=campaign.pk, by="ada", reason="a typo")
    assert list(states(campaign).values()).count("todo") == 24
    work(campaign)

    found = list(states(campaign).values())
    assert (found.count("sent"), found.count("skipped")) == (1, 24)


def test_who_ends_the_subscription_before_their_piece_is_not_in_it() -> None:
    subscribe("stays@end.example.org", "leaves@end.example.org")
    campaign = begun()
    consent.unsubscribe(address="LEAVES@end.example.org")
    work(campaign)

    assert list(states(campaign)) == ["stays@end.example.org"]


def test_where_everybody_has_left_by_then_it_is_over() -> None:
    subscribe("leaves@over.example.org")
    campaign = begun()
    Subscription.objects.update(state="ended")
    work(campaign)

    assert now().state == "finished"


def test_its_page_says_how_many_are_written_down_and_of_how_many(killed: list[int]) -> None:
    crowd(25, "bar.example.org")
    killed += [2]
    campaign = begun()
    work(campaign)
    writer = somebody("marketing")
    page = writer.get(f"{LIST}{campaign.pk}/progress/").content
    assert b"Freezing the audience" in page
    assert b"10 of 25, 40 %" in page
    assert b"every 1s" in page
    assert b"Pause" in page

    work(campaign)
    assert b"0 of 25, 0 %" in writer.get(f"{LIST}{campaign.pk}/progress/").content


@pytest.mark.parametrize(("decide", "state"), [(cancel_job, "discarded"), (pause_job, "paused")])
def test_a_job_that_somebody_has_stopped_is_named_on_its_page(
    decide: Callable[..., object], state: str
) -> None:
    crowd(3, "stopped.example.org")
    campaign = begun()
    expand_events()
    job = Job.objects.get(subject=campaign.subject)
    operator = somebody("operator")
    assert f"is {state}" not in operator.get(f"{LIST}{campaign.pk}/progress/").content.decode()
    decide(job_id=job.pk, by="ada", reason="rush hour")

    page = operator.get(f"{LIST}{campaign.pk}/progress/").content.decode()
    assert f'<a href="/admin/deferral/job/{job.pk}/change/">{job.key}</a> is {state}' in page


def test_a_cancelled_one_moves_until_everybody_else_is_skipped() -> None:
    crowd(3, "moves.example.org")
    campaign = started()
    control.cancel_campaign(campaign_id=campaign.pk, by="ada", reason="a typo")
    page, writer = f"{LIST}{campaign.pk}/progress/", somebody("marketing")
    assert b"every 4s" in writer.get(page).content
    work(campaign)

    assert b"hx-get" not in writer.get(page).content


def test_a_dead_job_is_named_on_its_page_and_on_the_first_page() -> None:
    subscribe("one@dead.example.org")
    campaign = started()
    Job.objects.filter(task="notifications.send_chunk").update(state="dead", cause="poison")
    dead = Job.objects.get(state="dead")
    operator = somebody("operator")

    page = operator.get(f"{LIST}{campaign.pk}/progress/").content.decode()
    assert f'<a href="/admin/deferral/job/{dead.pk}/change/">{dead.key}</a>' in page
    assert "poison" in page
    assert "dead letters of it: 1" in operator.get("/admin/").content.decode()


def test_a_dead_job_of_a_cancelled_one_is_named_on_the_first_page_until_nobody_waits() -> None:
    crowd(3, "left.example.org")
    campaign = started()
    control.cancel_campaign(campaign_id=campaign.pk, by="ada", reason="a typo")
    expand_events()
    Job.objects.filter(task="notifications.skip_recipients").update(state="dead")
    operator = somebody("operator")
    assert "dead letters of it: 1" in operator.get("/admin/").content.decode()

    campaign.recipients.update(state="skipped")
    assert "dead letters of it" not in operator.get("/admin/").content.decode()


def test_a_test_mail_that_is_dead_lets_nobody_wait() -> None:
    crowd(3, "trial.example.org")
    campaign = started()
    trial.ask_for_test(campaign_id=campaign.pk, user_id=1)
    expand_events()
    Job.objects.filter(task="notifications.send_campaign_test").update(state="dead")
    operator = somebody("operator")

    assert b"dead letters of it" not in operator.get("/admin/").content
    assert b"is a dead letter" not in operator.get(f"{LIST}{campaign.pk}/progress/").content


def test_of_many_dead_jobs_some_are_named_and_the_others_found() -> None:
    crowd(3, "many.example.org")
    campaign = started()
    Job.objects.all().delete()
    Job.objects.bulk_create(
        Job(
            key=f"campaign:{n}",
            subject=campaign.subject,
            task="notifications.send_chunk",
            queue="mailings",
            state="dead",
        )
        for n in range(8)
    )
    page = somebody("operator").get(f"{LIST}{campaign.pk}/progress/").content.decode()

    assert page.count("is a dead letter") == 5
    assert f"subject__exact={campaign.subject.replace(':', '%3A')}" in page
