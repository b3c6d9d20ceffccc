"""The article's latencies, alone and with two hundred customers at once."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import aiohttp

from sandbox.services import FAST_SECONDS, SERVICES
from sandbox.settings import read_settings
from tests.rig.running_sandbox import PAYMENT_KEY, Sandbox
from tests.sandbox.test_payment_provider import new_intent
from tests.sandbox.test_service_mail import message, send


def seconds(call: Callable[[], object]) -> float:
    started = time.monotonic()
    call()
    return round(time.monotonic() - started, 1)


def test_each_service_takes_its_time(article: Sandbox, order: str) -> None:
    intent = new_intent(article, order)
    confirm = article.payments.payment_intents.confirm
    calls: list[tuple[float, Callable[[], object]]] = [
        (0.8, lambda: confirm(intent.id, {"payment_method": "pm_card_visa"})),
        (0.5, lambda: article.reserve(order, "r", "print-room")),
        (0.7, lambda: article.reserve(order, "r", "warehouse")),
        (0.8, lambda: article.reserve(order, "r", "box-office")),
        (1.0, lambda: article.post("/analytics/events", {"event": "paid"}, "r")),
        (0.5, lambda: article.post("/crm/contacts", {"email": "a@example.com"}, "r")),
        (1.0, lambda: article.post("/audit-archive/entries", {"action": "paid"}, "r")),
        (2.0, lambda: send(article, message(order))),
    ]
    with ThreadPoolExecutor(len(calls)) as pool:
        taken = list(pool.map(lambda call: seconds(call[1]), calls))
    for (min_wait, _), took in zip(calls, taken, strict=True):
        assert min_wait <= took <= min_wait + 1


def test_two_hundred_payments_at_once_take_hardly_longer_than_one(article: Sandbox) -> None:
    taken = asyncio.run(pay_at_once(article, 200))

    assert max(taken) < 4  # one after the other they would take 160 s
    rows = [row for row in article.get("/ledger.json")["payment"] if row["order"].startswith("P-")]
    assert [(row["accepted"], row["repeats"]) for row in rows] == [(1, 0)] * 200
    assert resident_kilobytes(article.process.pid) < 60 * 1024


def resident_kilobytes(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1])


async def pay_at_once(sandbox: Sandbox, count: int) -> list[float]:
    async with aiohttp.ClientSession(
        f"{sandbox.url}/payment/v1/",
        connector=aiohttp.TCPConnector(limit=0),
        headers={"Authorization": f"Bearer {PAYMENT_KEY}"},
    ) as client:
        return await asyncio.gather(*(pay_one(client, number) for number in range(count)))


async def pay_one(client: aiohttp.ClientSession, number: int) -> float:
    form = {"amount": "100", "currency": "usd", "metadata[order]": f"P-{number}"}
    async with client.post("payment_intents", data=form) as made:
        name = (await made.json())["id"]
    started = time.monotonic()
    async with client.post(
        f"payment_intents/{name}/confirm",
        data={"payment_method": "pm_card_visa"},
        headers={"Idempotency-Key": f"P-{number}"},
    ) as paid:
        assert paid.status == 200
    return time.monotonic() - started


def test_in_the_payment_profile_only_a_card_takes_its_time() -> None:
    settings = read_settings({"SANDBOX_PROFILE": "payment"})
    taken = {name: settings.latency(name) for name in SERVICES}
    assert taken.pop("payment") == SERVICES["payment"].seconds
    assert set(taken.values()) == {FAST_SECONDS}
