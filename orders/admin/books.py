"""Each night's comparison of our books with the provider's."""

from typing import Any

from django.contrib import admin
from django.template.loader import render_to_string

from deferral.admin.kit import formatting
from deferral.admin.kit.read_only import ReadOnly
from orders.admin.money import money
from orders.models import Reconciliation


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnly[Reconciliation]):
    """One row a day, with what somebody has to look at."""

    list_display = ("day", "differences", "here", "there", "when")
    fields = ("day", "here", "there", "when", "what_differs")

    @admin.display(description="in our books")
    def here(self, report: Reconciliation) -> str:
        """How many payments, and their sum."""
        return f"{report.ours} · {money(report.ours_cents, 'eur')}"

    @admin.display(description="in the provider's")
    def there(self, report: Reconciliation) -> str:
        """How many payments, and their sum."""
        return f"{report.theirs} · {money(report.theirs_cents, 'eur')}"

    @admin.display
    def differences(self, report: Reconciliation) -> str:
        """How many."""
        count = len(report.findings)
        return formatting.pill(str(count), "bad") if count else formatting.pill("none", "good")

    @admin.display(description="compared", ordering="ran_at")
    def when(self, report: Reconciliation) -> str:
        """To the second."""
        return formatting.clock(report.ran_at)

    @admin.display
    def what_differs(self, report: Reconciliation) -> str:
        """A row for each payment."""
        findings = [shown(found) for found in report.findings]
        return render_to_string("admin/orders/_findings.html", {"findings": findings})


def shown(found: dict[str, Any]) -> dict[str, str]:
    """One payment as it is read: a dash where either side has no entry."""
    sums = {
        side: formatting.NOTHING if found[side] is None else money(found[side], "eur")
        for side in ("ours", "theirs")
    }
    return {"order": found["order"], "ref": found["ref"], "what": found["what"], **sums}
