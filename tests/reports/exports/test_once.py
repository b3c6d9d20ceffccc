"""One export for one request, and one file for one export, whatever comes between."""

from functools import partial
from typing import Any
from unittest import mock

import pytest
from django.db.models.functions import Now

from deferral.models import Job
from reports.exports import writing
from reports.models import Export
from tests.proofs.failures.disturbed_exports import files_of
from tests.reports.exports.exporting import ask, orders, run, whole
from tests.rig.racing import ROUNDS, at_once


def test_who_asks_several_times_at_once_has_asked_once(clerk: Any) -> None:
    orders(1)
    for number in range(1, ROUNDS):
        columns = ["number", "email", "name", "address"][: 1 + number % 4]
        found = at_once(*[partial(ask, clerk, format="pdf", columns=columns)] * 4)

        assert len({one.pk for one in found}) == 1
    assert Export.objects.count() == min(4, ROUNDS - 1)


@pytest.mark.parametrize("format_", ["csv", "csv.gz"])
def test_a_whole_that_was_stored_and_not_recorded_is_stored_once(clerk: Any, format_: str) -> None:
    """Workbooks and PDFs know when they were made: the sweep takes the one that has no row."""
    orders(3)
    export = ask(clerk, format=format_, columns=["number", "email"])
    with mock.patch.object(writing, "remember", side_effect=OSError("killed")):
        job = run(export)
    assert (job.state, len(wholes(export))) == ("pending", 1)
    Job.objects.filter(pk=job.pk).update(next_at=Now())
    run(export)

    assert len(wholes(export)) == 1
    assert whole(export)


def wholes(export: Export) -> list[str]:
    """What stands on the disk under the export's own key, and not a part's."""
    return [path.name for path in files_of(export) if path.name.count("-") == 2]
