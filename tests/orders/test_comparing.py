"""Our books beside the provider's: every way in which they can differ, and a night of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from deferral.models import Event
from orders import services
from orders.models import Order, PaymentAttempt, Reconciliation
from orders.payments import paying
from orders.payments.reconciliation import comparing
from orders.payments.reconciliation.charges import Charge, charges
from orders.payments.reconciliation.comparing import compare
from tests.deferral.staff import sitting
from tests.orders.buying import placed
from tests.rig.running_sandbox import Sandbox

TODAY = timezone.localdate


def a_charge(**changes: Any) -> Charge:
    facts: dict[str, Any] = {"ref": "pi_1", "order": "H-1", "amount_cents": 2_000}
    return Charge(at=datetime.now(UTC), **({"refunded_cents": 0} | facts | changes))


def an_attempt(state: str = "captured", **changes: Any) -> PaymentAttempt:
    back = 2_000 if state == "refunded" else 0
    facts = {"provider_ref": "pi_1", "amount_cents": 2_000, "refunded_cents": back}
    return PaymentAttempt(order=Order(number="H-1"), state=state, **(facts | changes))


@pytest.mark.parametrize(
    ("ours", "theirs", "what"),
    [
        ([an_attempt()], [a_charge()], []),
        ([an_attempt("refunded")], [a_charge(refunded_cents=2_000)], []),
        ([an_attempt("failed")], [], []),
        ([], [a_charge()], ["captured there, unknown here"]),
        ([an_attempt("failed")], [a_charge()], ["captured there, not recorded here"]),
        ([an_attempt("unknown")], [a_charge()], ["captured there, not recorded here"]),
        ([an_attempt()], [], ["captured here, not there"]),
        ([an_attempt()], [a_charge(amount_cents=1_999)], ["another amount"]),
        ([an_attempt()], [a_charge(refunded_cents=5)], ["more given back there than here"]),
        ([an_attempt(refunded_cents=5)], [a_charge(refunded_cents=5)], []),
        ([an_attempt(refunded_cents=5)], [a_charge()], ["more given back here than there"]),
        ([an_attempt("refunded")], [a_charge()], ["more given back here than there"]),
        ([an_attempt()], [a_charge(is_disputed=True)], ["disputed there"]),
    ],
)
def test_each_difference_is_named(
    ours: list[PaymentAttempt], theirs: list[Charge], what: list[str]
) -> None:
    assert [finding.what for finding in compare(ours, theirs)] == what


@pytest.mark.parametrize(("cents", "what"), [(5, []), (4, ["more given back there than here"])])
def test_what_is_on_its_way_back_may_have_arrived(cents: int, what: list[str]) -> None:
    theirs = [a_charge(refunded_cents=5)]
    findings = compare([an_attempt()], theirs, asked={"pi_1": cents})
    assert [finding.what for finding in findings] == what


def test_what_the_provider_has_on_the_other_side_of_midnight_is_there() -> None:
    assert list(compare([an_attempt()], [], seen=["pi_1"])) == []


@pytest.fixture
def bought(sandbox: Sandbox, transactional_db: None) -> PaymentAttempt:
    """Paid with real (sandbox) money, on both sides."""
    _, attempt = placed()
    settlement = paying.pay(attempt_id=attempt.pk, method="pm_card_visa")
    services.mark_paid(attempt_id=attempt.pk, settlement=settlement)
    attempt.refresh_from_db()
    return attempt


def found(ref: str) -> list[str]:
    """What differs about one payment. The external services remember other tests' too."""
    _, findings = comparing.look_at(TODAY())
    return [finding.what for finding in findings if finding.ref == ref]


def test_a_day_that_adds_up(bought: PaymentAttempt) -> None:
    counts, _ = comparing.look_at(TODAY())

    assert found(bought.provider_ref) == []
    assert (counts["ours"], counts["ours_cents"]) == (1, bought.amount_cents)
    assert counts["theirs"] >= 1


def test_the_provider_is_asked_page_by_page(bought: PaymentAttempt) -> None:
    now = datetime.now(UTC)
    whole = list(charges(since=now - timedelta(days=1), until=now + timedelta(days=1)))

    assert bought.provider_ref in {charge.ref for charge in whole}


def test_one_that_we_lost_and_one_that_they_lost(bought: PaymentAttempt) -> None:
    PaymentAttempt.objects.update(state="failed")
    assert found(bought.provider_ref) == ["captured there, not recorded here"]

    PaymentAttempt.objects.update(state="captured", provider_ref="pi_nobody_knows")
    assert found(bought.provider_ref) == ["captured there, unknown here"]
    assert found("pi_nobody_knows") == ["captured here, not there"]


def test_the_report_is_kept_once_a_day_and_staff_are_told(bought: PaymentAttempt) -> None:
    PaymentAttempt.objects.update(amount_cents=1)
    counts, findings = comparing.look_at(TODAY())
    for _ in range(2):
        comparing.file(TODAY(), counts, findings)

    report = Reconciliation.objects.get()
    assert report.day == TODAY()
    assert Event.objects.filter(type="orders.books_differ").exists()
    page = sitting("view_reconciliation").get(f"/admin/orders/reconciliation/{report.pk}/change/")
    for said in (bought.order.number, bought.provider_ref, "another amount", "0.01 EUR"):
        assert said in page.content.decode()
