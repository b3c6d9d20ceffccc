"""Logging in by a mail: one answer for everybody, one click in one browser, a code elsewhere."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import requests
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.login_links import asking
from accounts.login_links.turns import LOGINS, take_turn
from accounts.models import LoginLink, Session, User
from deferral.models import Event, Job
from deferral.names import new_tag
from deferral.relay.expansion import expand_events
from notifications.models import SentMail
from tests.deferral.bench import deliver
from tests.rig.racing import ROUNDS, at_once
from tests.rig.running_sandbox import Sandbox
from tests.rig.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)
LINK = re.compile(r"http://[^/\s]+(/login/link/[\w-]+/)")
CODE = re.compile(r"\b(\d{6})\b")
# What is random in every answer, and of one length.
RANDOM = re.compile(rb'value="\w{64}"')

# What a statement is about, as psycopg writes it.
VALUES = re.compile(r"'[^']*'(::\w+)?|\b(true|false)\b|\d+")


@pytest.fixture(autouse=True)
def _really_sent(sandbox: Sandbox, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "notifications.smtp.EmailBackend"


@pytest.fixture
def limits(settings: Settings) -> None:
    settings.RATE_LIMITS = True


class Visitor(Client):
    """A browser, and the mailbox of whoever sits there: nobody's before this test."""

    def __init__(self, address: str = "") -> None:
        super().__init__()
        self.address = address or f"{new_tag()}@login.example.org"

    @property
    def secrets(self) -> dict[str, str]:
        """What it has of its requests."""
        return {
            name: morsel.value
            for name, morsel in self.cookies.items()
            if name.startswith("login-") and morsel.value
        }

    @property
    def name(self) -> str:
        """As whom it is logged in."""
        page = self.get("/account/")
        return "" if page.status_code == 302 else page.context["request"].user.get_username()


@pytest.fixture
def mine() -> Visitor:
    return Visitor()


def work_off() -> None:
    expand_events()
    for job in Job.objects.filter(state="pending").order_by("id"):
        deliver(job)


def ask(visitor: Visitor) -> Any:
    return visitor.post("/login/", {"email": visitor.address})


def newest_mail(sandbox: Sandbox, address: str) -> str:
    """The last that came, as text."""
    newest = max(mail["id"] for mail in sandbox.mails(address))
    found = requests.get(f"{sandbox.inbox}/api/messages/{newest}", timeout=15).json()
    return str(found["text"])


def asked(visitor: Visitor, sandbox: Sandbox) -> tuple[str, str]:
    """A link's path and a code, as they were mailed."""
    ask(visitor)
    work_off()
    text = newest_mail(sandbox, visitor.address)
    return LINK.findall(text)[0], CODE.findall(text)[0]


def another(code: str) -> str:
    """A wrong one."""
    return f"{(int(code) + 1) % 10**6:06d}"


def test_one_click_in_the_browser_that_asked(mine: Visitor, sandbox: Sandbox) -> None:
    link, _ = asked(mine, sandbox)
    page = mine.get(link)
    assert b"One click" in page.content
    assert mine.name == ""

    mine.post(link)

    assert mine.name == mine.address


def test_a_code_in_the_browser_that_asked(mine: Visitor, sandbox: Sandbox) -> None:
    _, code = asked(mine, sandbox)

    mine.post("/login/code/", {"code": f"{code[:3]} {code[3:]}"})

    assert mine.name == mine.address


def test_a_scanner_that_follows_runs_and_presses_uses_nothing_up(
    mine: Visitor, sandbox: Sandbox
) -> None:
    link, code = asked(mine, sandbox)
    scanner = Visitor()
    answers = [scanner.head(link), scanner.get(link), scanner.post(link), scanner.post(link, {})]
    scanner.post("/login/code/", {"code": code})

    assert [answer.status_code for answer in answers] == [200, 200, 403, 403]
    assert scanner.name == ""
    assert not User.objects.exists()
    mine.post(link)
    assert mine.name == mine.address


def test_a_link_opened_elsewhere_says_where_its_code_is_typed(
    mine: Visitor, sandbox: Sandbox
) -> None:
    link, code = asked(mine, sandbox)
    telephone = Visitor()
    assert b"Type the code where you asked" in telephone.get(link).content

    mine.post("/login/code/", {"code": code})

    assert (telephone.name, mine.name) == ("", mine.address)


def test_what_was_used_once_lets_nobody_in_again(mine: Visitor, sandbox: Sandbox) -> None:
    link, code = asked(mine, sandbox)
    copied = mine.secrets
    mine.post(link)
    thief = Visitor()
    thief.cookies.load(copied)

    assert thief.post(link).status_code == 403
    assert thief.post("/login/code/", {"code": code}).status_code == 422
    assert thief.name == ""


@pytest.mark.parametrize("way", ["link", "code"])
def test_after_a_quarter_of_an_hour_it_is_over(mine: Visitor, sandbox: Sandbox, way: str) -> None:
    link, code = asked(mine, sandbox)
    LoginLink.objects.update(expires_at=F("expires_at") - timedelta(minutes=15))
    mine.post(link) if way == "link" else mine.post("/login/code/", {"code": code})

    assert mine.name == ""


def test_a_newer_mail_ends_the_older_one(mine: Visitor, sandbox: Sandbox) -> None:
    old = Visitor(mine.address)
    link, code = asked(old, sandbox)
    asked(mine, sandbox)
    old.post(link)
    old.post("/login/code/", {"code": code})

    assert old.name == ""


def test_a_repeated_mail_has_new_secrets_and_ends_the_first(
    mine: Visitor, sandbox: Sandbox
) -> None:
    first, _ = asked(mine, sandbox)
    Job.objects.filter(task="notifications.send_login_link").update(state="pending")
    SentMail.objects.all().delete()  # as if we had died before we wrote it down
    work_off()
    mails = sandbox.mails(mine.address)
    assert len({mail["message_id"] for mail in mails}) == len(mails) == 2
    mine.post(first)
    assert mine.name == ""

    mine.post(LINK.findall(newest_mail(sandbox, mine.address))[0])

    assert mine.name == mine.address


def test_five_codes_may_be_tried_and_no_sixth(mine: Visitor, sandbox: Sandbox) -> None:
    _, code = asked(mine, sandbox)
    said = [mine.post("/login/code/", {"code": another(code)}) for _ in range(5)]

    assert b"4 more tries" in said[0].content
    assert b"no more" in said[4].content
    assert mine.post("/login/code/", {"code": code}).status_code == 422
    assert mine.name == ""


def uses(secrets: dict[str, str], path: str, form: dict[str, str]) -> bool:
    """Whether another tab of that browser is let in."""
    tab = Visitor()
    tab.cookies.load(secrets)
    return bool(tab.post(path, form).status_code == 302)


def test_of_two_uses_at_once_one_wins(mine: Visitor, sandbox: Sandbox) -> None:
    for _ in range(ROUNDS):
        link, code = asked(mine, sandbox)
        click = partial(uses, mine.secrets, link, {})
        typed = partial(uses, mine.secrets, "/login/code/", {"code": code})
        assert sorted(at_once(click, click, typed)) == [False, False, True]


def answer_to(address: str) -> tuple[Any, ...]:
    """Everything of an answer, and of what it cost, but for what is random and of one length."""
    one = Visitor(address)
    one.get("/login/")
    with CaptureQueriesContext(
        connection,
    ) as asked_for:
        answer = ask(one)
    headers = {name: value for name, value in answer.items() if name != "Expires"}  # a time
    cookies = [
        (name[:6], len(name), len(morsel.value), morsel["max-age"])
        for name, morsel in answer.cookies.items()
    ]
    statements = [VALUES.sub("?", query["sql"]) for query in asked_for]
    return answer.status_code, answer.content, headers, cookies, statements


@pytest.fixture
def people(db: None) -> list[str]:
    """Known, staff, shut out, and nobody: addresses of one length."""
    User.objects.create_user("known@login.example.org")
    User.objects.create_user("staff@login.example.org", is_staff=True)
    User.objects.create_user("ended@login.example.org", is_active=False)
    return [f"{name}@login.example.org" for name in ("known", "staff", "ended", "nobod")]


@pytest.mark.usefixtures("limits")
def test_bytes_headers_cookies_and_statements_are_the_same_for_everybody(
    people: list[str],
) -> None:
    first, *others = map(answer_to, people)

    assert all(other == first for other in others)


@pytest.mark.usefixtures("limits")
def test_who_asks_too_often_gets_the_same_answer_and_no_mail(
    mine: Visitor, sandbox: Sandbox
) -> None:
    answers = [answer_to(mine.address) for _ in range(7)]
    work_off()

    assert answers[6] == answers[0]
    assert LoginLink.objects.filter(limited=True).count() == 2
    assert len(sandbox.mails(mine.address)) == 1  # of five that were asked for at once, the newest


@pytest.mark.usefixtures("limits")
def test_who_asks_once_too_often_can_still_use_the_mail_that_is_there(
    mine: Visitor, sandbox: Sandbox
) -> None:
    for _ in range(4):
        ask(mine)
    link, code = asked(mine, sandbox)
    ask(mine)
    work_off()
    assert b"One click" in mine.get(link).content
    assert len(mine.secrets) == 5

    mine.post("/login/code/", {"code": code})

    assert mine.name == mine.address


@pytest.mark.usefixtures("limits")
def test_who_asks_for_too_many_keeps_nobody_else_out(mine: Visitor, sandbox: Sandbox) -> None:
    for _ in range(20):
        ask(Visitor())
    for _ in range(6):
        ask(Visitor(mine.address))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM deferral_ratelimit WHERE key LIKE 'login_link:by:%'")

    assert asked(mine, sandbox)


@pytest.mark.usefixtures("limits")
def test_what_is_asked_too_often_is_no_work_for_a_worker(mine: Visitor) -> None:
    for _ in range(8):
        ask(mine)
    work_off()

    assert Job.objects.count() == 5


def test_a_request_that_is_gone_needs_nobody(mine: Visitor, sandbox: Sandbox) -> None:
    ask(mine)
    expand_events()
    LoginLink.objects.all().delete()
    work_off()

    assert Job.objects.get().state == "done"
    assert sandbox.mails(mine.address) == []


def test_an_address_that_does_not_exist_is_no_dead_letter() -> None:
    ask(Visitor("bounce@example.org"))
    work_off()

    assert Job.objects.get().state == "done"


def test_requests_leave_after_a_day(mine: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "BATCH", 2)
    for _ in range(5):
        ask(mine)
    LoginLink.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    ask(mine)

    assert asking.forget_links() == 5
    assert LoginLink.objects.count() == 1


WAITS = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND NOT granted"


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITS, [LOGINS])
        return cursor.fetchone() is not None


def deeds_of(visitor: Visitor, link: str, code: str) -> dict[str, Callable[[], Any]]:
    """All that changes what lets somebody in."""
    return {
        "link": partial(uses, visitor.secrets, link, {}),
        "code": partial(uses, visitor.secrets, "/login/code/", {"code": code}),
        "mail": partial(asking.prepare_mail, link_id=LoginLink.objects.get().pk),
    }


@pytest.mark.parametrize("what", ["link", "code", "mail"])
def test_whoever_changes_what_lets_in_takes_their_turn(
    mine: Visitor, sandbox: Sandbox, what: str
) -> None:
    """Else a click and a newer mail lock each other's rows: a deadlock."""
    deeds = deeds_of(mine, *asked(mine, sandbox))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            take_turn(mine.address)
            done = pool.submit(at_once, deeds[what])
            eventually(somebody_waits)
        assert done.result(timeout=30)[0]


@pytest.mark.usefixtures("limits")
def test_one_network_address_asks_for_twenty_in_an_hour() -> None:
    for _ in range(21):
        ask(Visitor())

    assert LoginLink.objects.filter(limited=True).count() == 1


@pytest.mark.usefixtures("limits")
def test_what_is_asked_too_often_ends_no_mail_that_was_sent(
    mine: Visitor, sandbox: Sandbox
) -> None:
    for _ in range(4):
        ask(Visitor(mine.address))
    link, _ = asked(mine, sandbox)
    ask(Visitor(mine.address))
    work_off()
    mine.post(link)

    assert mine.name == mine.address


def test_wrong_codes_are_counted_alike_whether_anybody_got_a_mail(
    people: list[str], settings: Settings
) -> None:
    settings.LOGIN_MAIL_UNKNOWN = False
    seen = []
    for address in people:
        one = Visitor(address)
        ask(one)
        said = [one.post("/login/code/", {"code": "000000"}) for _ in range(2)]
        work_off()
        said += [one.post("/login/code/", {"code": "000000"}) for _ in range(4)]
        seen.append([RANDOM.sub(b"", each.content) for each in said])

    assert all(one == seen[0] for one in seen)


def test_nobody_learns_by_mail_that_there_is_no_account(
    sandbox: Sandbox, settings: Settings, mine: Visitor
) -> None:
    asked(mine, sandbox)
    assert "your account is open" in newest_mail(sandbox, mine.address)
    settings.LOGIN_MAIL_UNKNOWN = False
    other = Visitor()
    ask(other)
    work_off()

    assert sandbox.mails(other.address) == []


def test_staff_are_told_where_they_log_in_and_get_no_link(
    people: list[str], sandbox: Sandbox
) -> None:
    ask(Visitor(people[1]))
    work_off()
    text = newest_mail(sandbox, people[1])

    assert "/admin/login/" in text
    assert not LINK.findall(text)
    assert not LoginLink.objects.exclude(secret="").exists()


def test_who_became_staff_meanwhile_is_not_let_in(mine: Visitor, sandbox: Sandbox) -> None:
    User.objects.create_user(mine.address)
    link, code = asked(mine, sandbox)
    User.objects.update(is_staff=True)

    assert mine.post(link).status_code == 403
    assert mine.post("/login/code/", {"code": code}).status_code == 422
    assert mine.name == ""


def test_who_was_shut_out_gets_no_mail(people: list[str], sandbox: Sandbox) -> None:
    ask(Visitor(people[2]))
    work_off()

    assert sandbox.mails(people[2]) == []


def test_the_secrets_stand_nowhere_but_in_the_mail(
    mine: Visitor, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    link, code = asked(mine, sandbox)
    mine.get(link)
    secret = link.split("/")[3]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - names of our tables
            rows = "\n".join(row[0] for row in cursor.fetchall())
            assert secret not in rows, table
            assert not re.search(rf"(?<!\w){code}(?!\w)", rows), table
    assert secret not in caplog.text


def test_a_new_account_is_greeted_and_told_of_once(mine: Visitor, sandbox: Sandbox) -> None:
    for _ in range(2):
        link, _ = asked(mine, sandbox)
        mine.post(link)
        work_off()
    tag = LoginLink.objects.earliest("id").tag

    subjects = [mail["subject"] for mail in sandbox.mails(mine.address)]
    assert subjects.count("Welcome to Halyard") == 1
    assert Event.objects.filter(type="accounts.user_registered").count() == 1
    assert Event.objects.filter(type="accounts.address_proven").count() == 2
    for key in (f"crm:user:{tag}", f"analytics:user_registered:{tag}"):
        assert Job.objects.get(key=key).state == "done"


def test_a_session_that_was_known_before_lets_nobody_in(mine: Visitor, sandbox: Sandbox) -> None:
    planted = "a" * 32
    mine.cookies["sessionid"] = planted
    link, _ = asked(mine, sandbox)
    mine.post(link)
    thief = Visitor()
    thief.cookies["sessionid"] = planted

    assert (thief.name, mine.name) == ("", mine.address)


def test_logging_out_everywhere(mine: Visitor, sandbox: Sandbox) -> None:
    lost = Visitor(mine.address)
    for one in (lost, mine):
        link, _ = asked(one, sandbox)
        one.post(link)
    mine.post("/account/logout/", {"everywhere": ""})

    assert (lost.name, mine.name) == ("", "")
    assert not Session.objects.exists()


def test_what_is_private_is_kept_and_told_by_nobody(mine: Visitor, sandbox: Sandbox) -> None:
    link, _ = asked(mine, sandbox)
    page = mine.get(link)

    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("wrong", ["no address", "ada@example", "a@b.example\nBcc: c@d.example"])
def test_what_is_no_address_is_refused_with_a_sentence(mine: Visitor, wrong: str) -> None:
    assert ask(Visitor(wrong)).status_code == 422
    assert not LoginLink.objects.exists()
