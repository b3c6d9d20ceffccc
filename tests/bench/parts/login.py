"""Asking for a login: whether its time tells who has an account, or who asks too often.

Addresses of each kind come one after the other, in a random order, over one connection. A rank test
is asked, and not a mean: one slow answer would hide what a thousand others tell.
"""

import random
import time
from collections.abc import Iterator
from ipaddress import IPv4Address
from itertools import count

import requests
from django.contrib.auth.hashers import make_password

from accounts.models import LoginLink, User
from shop.mail_limits import PER_ADDRESS
from tests.bench.customers import HIDDEN
from tests.bench.options import Options
from tests.bench.progress import say
from tests.bench.results import Result
from tests.bench.stage import Stage, staged
from tests.bench.statistics import at_least, percentile, rank_test
from tests.rig.stand_alone import Servers

# Below it the two are said to differ; by chance alone once in a hundred runs.
CHANCE = 0.01
DOMAIN = "login.bench.example"
Times = dict[str, list[float]]


class Visitor:
    """A page's form, sent again and again, each time from another network address."""

    def __init__(self, address: str) -> None:
        self.page, self.line = f"{address}/login/", requests.Session()
        page = self.line.get(self.page, timeout=30)
        self.token = dict(HIDDEN.findall(page.text))["csrfmiddlewaretoken"]
        self.networks = map(str, map(IPv4Address, count(int(IPv4Address("10.0.0.1")))))

    def ask(self, email: str) -> float:
        """Seconds until the answer, which is the same for everybody or ends the benchmark."""
        form = {"email": email, "csrfmiddlewaretoken": self.token}
        headers = {"X-Forwarded-For": next(self.networks)}
        began = time.perf_counter()
        answer = self.line.post(self.page, form, headers=headers, timeout=30, allow_redirects=False)
        seconds = time.perf_counter() - began
        assert answer.status_code == 302, answer.status_code
        return seconds


def login(servers: Servers, options: Options) -> Result:
    """Known and unknown, asked once and asked too often."""
    result = Result("login", f"{options.logins:,} requests for a login")
    with staged(servers) as stage:
        stage.env = {**stage.env, "BEHIND_PROXY": "true", "RATE_LIMITS": "true"}
        visitor = opened(stage)
        say(f"login: {options.logins} requests")
        times = timed(visitor, options.logins)
    for kind, found in times.items():
        waits = {f"p{at} ms": round(1_000 * percentile(found, at), 2) for at in (5, 50, 95)}
        result.rows.append({"address": kind, "requests": len(found), **waits})
    for kind in ("unknown", "known, too often", "unknown, too often"):
        p = rank_test(times["known"], times[kind])
        result.marks.append(at_least(f"known or {kind}: chance of such ranks", p, CHANCE))
    return result


def opened(stage: Stage) -> Visitor:
    """The shop with all its workers, and somebody at its login."""
    stage.shop()
    stage.crew("config")
    stage.relay()
    stage.ready()
    LoginLink.objects.all().delete()
    return Visitor(stage.address)


def timed(visitor: Visitor, requests_: int) -> Times:
    """Of each kind of address, how long each answer took."""
    each = requests_ // 4
    nobody = make_password(None)
    known = [User(email=f"k{number:05}@{DOMAIN}", password=nobody) for number in range(each + 1)]
    User.objects.bulk_create(known)
    for email in (f"k{each:05}@{DOMAIN}", f"u{each:05}@{DOMAIN}"):
        for _ in range(PER_ADDRESS):
            visitor.ask(email)
    asked = list(addresses(each))
    random.Random(7).shuffle(asked)  # noqa: S311 - an order, no secret
    times: Times = {kind: [] for kind, _ in asked}
    for kind, email in asked:
        times[kind].append(visitor.ask(email))
    assert LoginLink.objects.filter(limited=True).count() == 2 * each
    return dict(sorted(times.items()))


def addresses(each: int) -> Iterator[tuple[str, str]]:
    """Kind and address. All are of one length."""
    for number in range(each):
        yield "known", f"k{number:05}@{DOMAIN}"
        yield "unknown", f"u{number:05}@{DOMAIN}"
        yield "known, too often", f"k{each:05}@{DOMAIN}"
        yield "unknown, too often", f"u{each:05}@{DOMAIN}"
