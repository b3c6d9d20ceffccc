"""What stands on a statement, and on the sums of a month: plain data for the template."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.mailboxes import as_written
from reports.models import Statement, StatementRun
from reports.seller import SELLER
from reports.statements.content import Sums, nothing
from reports.wording import moment, money, month_words, rate, short_date

WORDS = {
    "order": "Order",
    "payment": "Payment",
    "refund": "Refund",
    "return": "Refund that came back",
}
SUMS = (
    ("order", "Ordered"),
    ("payment", "Paid"),
    ("refund", "Paid back"),
    ("return", "Refunds that came back"),
)
# Money that left the shop.
OUT = {"refund"}
MINUS = "\N{MINUS SIGN}"
MOMENT = timedelta(microseconds=1)
MORE = (
    "The first {shown:,} of {all:,} entries are listed. The sums are of all of them; "
    "an export of the orders has every line."
)


def statement_on_paper(statement: Statement) -> dict[str, Any]:
    """One customer's month."""
    content, run = statement.content, statement.run
    entries = content["entries"]
    more = {"shown": len(entries), "all": len(entries) + content["more"]}
    return {
        **_masthead(run, "Statement"),
        "customer": [content["name"], as_written(statement.customer)],
        "facts": [["Period", period(run)], ["Statement", statement.tag]],
        "entries": [_entry(*entry) for entry in entries],
        "note": MORE.format(**more) if content["more"] else "",
        "currencies": [_currency(*one) for one in sorted(content["sums"].items())],
    }


def sums_on_paper(run: StatementRun) -> dict[str, Any]:
    """The month for whoever keeps the books, once its figures are frozen."""
    totals: dict[str, Any] = run.totals  # type: ignore[assignment]  # frozen
    return {
        **_masthead(run, "Sums of the month"),
        "customer": [],
        "facts": [["Period", period(run)], ["Statements", f"{totals['statements']:,}"]],
        "entries": [],
        "note": "" if totals["statements"] else "Nothing was sold, paid or paid back.",
        "currencies": sums_in_words(run),
    }


def sums_in_words(run: StatementRun) -> list[dict[str, Any]]:
    """Each currency's sums of a month that is frozen. A month without any has nothing in euros."""
    totals: dict[str, Any] = run.totals  # type: ignore[assignment]  # frozen
    found = totals["sums"] or {"eur": nothing()}
    return [_currency(*one) for one in sorted(found.items())]


def period(run: StatementRun) -> str:
    """`1 to 30 Nov 2026`: both days are in it."""
    first, last = timezone.localtime(run.since), timezone.localtime(run.until - MOMENT)
    same = (first.year, first.month) == (last.year, last.month)
    return f"{first.day if same else short_date(first)} to {short_date(last)}"


def _masthead(run: StatementRun, what: str) -> dict[str, Any]:
    zone = timezone.get_default_timezone_name()
    return {
        "title": f"{what} {run.name}",
        "what": what,
        "month": month_words(run.month),
        "seller": SELLER,
        "frozen": f"As of {moment(run.until)} ({zone}). "
        "What happened later stands in a later month.",
    }


def _entry(at: str, what: str, number: str, detail: str, currency: str, cents: int) -> list[str]:
    return [
        moment(datetime.fromisoformat(at)),
        WORDS[what],
        number,
        detail,
        _signed(what, cents, currency),
    ]


def _signed(what: str, cents: int, currency: str) -> str:
    return f"{MINUS if what in OUT and cents else ''}{money(cents, currency)}"


def _currency(currency: str, sums: Sums) -> dict[str, Any]:
    """Its sums, what is left of the money, and the tax in what was ordered."""
    kept = sums["payment"][1] - sums["refund"][1] + sums["return"][1]
    return {
        "name": currency.upper(),
        "sums": list(_sums(sums, currency)),
        "kept": f"{MINUS if kept < 0 else ''}{money(abs(kept), currency)}",
        "taxes": list(_taxes(sums, currency)),
    }


def _sums(sums: Sums, currency: str) -> Iterator[list[str]]:
    for what, label in SUMS:
        count, cents = sums[what]
        if count or what in {"order", "payment"}:
            yield [label, f"{count:,}", _signed(what, cents, currency)]


def _taxes(sums: Sums, currency: str) -> Iterator[list[str]]:
    for points, (gross, tax) in sorted(sums["taxes"].items(), key=lambda one: int(one[0])):
        amounts = (money(cents, currency) for cents in (gross - tax, tax, gross))
        yield [rate(int(points)), *amounts]
