"""What is asked of all reviews is answered by an index, however many there are."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from orders.models import Order
from reviews.admin.waiting import waiting
from reviews.selectors import summary_of
from tests.deferral.staff import sitting
from tests.reviews.reviewing import shown, written

pytestmark = pytest.mark.django_db
OTHERS_OFF = "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"


def plan_of(sql: str) -> str:
    """Whatever the planner thinks of an empty table."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OTHERS_OFF)
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())


def asked(what: Any) -> list[str]:
    with CaptureQueriesContext(connection) as found:
        what()
    return [each["sql"] for each in found.captured_queries]


def test_count_and_average_are_read_from_an_index_alone(order: Order) -> None:
    review = shown(written(order))
    [sql] = asked(lambda: summary_of(review.product_id))

    assert "Index Only Scan using review_shown" in plan_of(sql)


def test_what_waits_is_counted_and_its_oldest_are_read_without_the_rest(order: Order) -> None:
    written(order)
    count, oldest = asked(lambda: list(waiting()))

    assert "Index Only Scan using review_waiting" in plan_of(count)
    plan = plan_of(oldest)
    assert "using review_waiting" in plan
    assert "WindowAgg" not in plan


def test_a_search_asks_for_nothing_that_has_no_index(order: Order) -> None:
    written(order)
    who = sitting(superuser=True)
    found = asked(lambda: who.get("/admin/reviews/review/?q=Ada"))
    searches = [each for each in found if "reviews_review" in each and " IN (" in each]

    assert searches
    assert not [each for each in found if "UPPER(" in each]
