"""Campaigns in the admin: written, counted, started once, watched; refused in a rush."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from deferral.models import Event, Intervention, QueueSample
from deferral.pressure.rules import Level
from deferral.relay.expansion import expand_events
from notifications.campaigns.failures import pause_because
from notifications.models import Campaign, Recipient, Suppression
from tests.config.test_roles import somebody
from tests.notifications.mailings import a_campaign, started, subscribe, work_off
from tests.rig.running_sandbox import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/notifications/campaign/"


@pytest.fixture
def writer() -> Client:
    return somebody("marketing")


@pytest.fixture
def draft() -> Campaign:
    subscribe("one@admin.example.org", "two@admin.example.org")
    return a_campaign(words="# News\n\nA **bold** word, <script>alert(1)</script>")


def decide(who: Client, campaign: Campaign, verb: str, **terms: object) -> str:
    """What the page answers, and the campaign's state."""
    path = f"{LIST}{campaign.pk}/decide/{verb}/"
    answer = who.post(path, {"reason": "", **terms}, follow=True)
    campaign.refresh_from_db()
    return f"{answer.status_code} {campaign.state}"


def test_one_is_written_in_markdown_and_shown_as_it_will_look(writer: Client) -> None:
    words = {"title": "News", "words": "A *fine* day", "bought": "", "per_minute": "600"}
    writer.post(f"{LIST}add/", words)

    campaign = Campaign.objects.get()
    assert b"<em>fine</em>" in writer.get(f"{LIST}{campaign.pk}/html/").content


def test_html_in_the_words_is_shown_and_not_obeyed(writer: Client, draft: Campaign) -> None:
    shown = writer.get(f"{LIST}{draft.pk}/html/").content

    assert b"<strong>bold</strong>" in shown
    assert b"<script>" not in shown


@pytest.mark.parametrize("subject", ["one\nBcc: eve@example.org", "\u202eswen", " "])
def test_a_subject_that_would_end_its_header_is_refused(writer: Client, subject: str) -> None:
    words = {"title": subject, "words": "A *fine* day", "bought": "", "per_minute": "600"}
    writer.post(f"{LIST}add/", words)

    assert not Campaign.objects.exists()


def test_who_starts_it_has_seen_how_many_get_it(writer: Client, draft: Campaign) -> None:
    page = writer.get(f"{LIST}{draft.pk}/decide/start/").content
    assert b"<strong>2</strong> subscribers" in page

    assert decide(writer, draft, "start") == "200 draft"
    subscribe("three@admin.example.org")
    assert decide(writer, draft, "start", count=2) == "200 draft"
    assert decide(writer, draft, "start", count=3) == "200 freezing"
    assert decide(writer, draft, "start", count=3) == "200 freezing"
    assert Event.objects.filter(subject=draft.subject).count() == 1
    assert "Start to 3." in Intervention.objects.get().reason


def test_while_there_is_too_much_work_it_is_not_started(writer: Client, draft: Campaign) -> None:
    behind = {"waiting": 3, "per_second": 0.1, "oldest": 1000, "load": 1000}
    QueueSample.objects.create(queue="mailings", level=Level.RED, **behind)
    answer = writer.post(f"{LIST}{draft.pk}/decide/start/", {"count": 2, "reason": ""})

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert Campaign.objects.get().state == "draft"


def test_it_is_paused_resumed_and_cancelled_with_a_reason(writer: Client) -> None:
    subscribe("one@admin.example.org")
    campaign = started()

    assert decide(writer, campaign, "pause") == "200 running"
    assert decide(writer, campaign, "pause", reason="a typo") == "200 paused"
    assert "a typo" in writer.get(f"{LIST}{campaign.pk}/change/").content.decode()
    assert decide(writer, campaign, "resume", reason="mended") == "200 running"
    assert decide(writer, campaign, "cancel", reason="no more") == "200 cancelled"
    assert decide(writer, campaign, "resume", reason="again") == "200 cancelled"


def test_what_has_started_says_what_it_said(writer: Client) -> None:
    subscribe("one@admin.example.org")
    campaign = started()
    words = {"title": "Other", "words": "Other", "bought": "", "per_minute": "1"}

    assert writer.post(f"{LIST}{campaign.pk}/change/", words).status_code == 403
    assert Campaign.objects.get().title == "News from the quay"


@pytest.mark.parametrize("role", ["reader", "support", "operator"])
def test_others_look_on(role: str, draft: Campaign) -> None:
    who = somebody(role)

    assert who.get(f"{LIST}{draft.pk}/change/").status_code == 200
    assert b"/decide/" not in who.get(f"{LIST}{draft.pk}/change/").content
    assert decide(who, draft, "start", count=2) == "403 draft"


def test_its_page_moves_by_itself_and_is_silent_while_nothing_changes(
    writer: Client, sandbox: Sandbox, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"
    subscribe("one@live.example.org", "bounce@live.example.org")
    campaign = started()
    page = f"{LIST}{campaign.pk}/progress/"
    before = writer.get(page)
    version = before.context["live"]["now"].version
    assert b"0 of 2, 0 %" in before.content
    assert writer.get(f"{page}?v={version}").status_code == 204

    work_off(campaign)
    after = writer.get(f"{page}?v={version}").content
    assert b"2 of 2, 100 %" in after
    assert b"<rect" in after
    assert b"hx-get" not in after


def test_one_in_doubt_is_named_and_sent_again_by_a_person(writer: Client) -> None:
    subscribe("one@admin.example.org")
    campaign = started()
    campaign.recipients.update(state="in_doubt", tries=1)
    row = Recipient.objects.get()
    assert b"one@admin.example.org" in writer.get(f"{LIST}{campaign.pk}/progress/").content

    page = f"/admin/notifications/recipient/{row.pk}/decide/again/"
    assert b"gets it twice" in writer.get(page).content
    writer.post(page, {"reason": "she asked"})
    assert Recipient.objects.get().state == "todo"
    assert expand_events() == 1


def test_a_test_is_mailed_to_whoever_writes_it(writer: Client, draft: Campaign) -> None:
    answer = writer.post(f"{LIST}{draft.pk}/test/", follow=True)

    assert b"A test is on its way to role" in answer.content
    assert Event.objects.get().payload["task"] == "notifications.send_campaign_test"


def test_a_mailbox_that_works_again_is_let_in_again(writer: Client) -> None:
    row = Suppression.objects.create(address="back@admin.example.org", because="full")
    writer.post(f"/admin/notifications/suppression/{row.pk}/delete/", {"post": "yes"})

    assert not Suppression.objects.exists()


def test_one_that_paused_itself_is_told_on_the_first_page(writer: Client) -> None:
    assert "Campaigns under way" not in writer.get("/admin/").content.decode()
    subscribe("one@admin.example.org")
    pause_because(started().pk, "the mail server answered 535 wrong password")

    page = writer.get("/admin/").content.decode()
    assert "Campaigns under way" in page
    assert "is paused: the mail server answered 535 wrong password" in page
