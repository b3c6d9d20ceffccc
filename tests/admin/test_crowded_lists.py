"""Every list asks the same few questions of 5,000 rows as of none. Times are measured by hand."""

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.admin.crowd import crowd
from tests.deferral.staff import sitting
from tests.rig.stocking import stock_shop

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]

# With the queries that each may ask, of a full page as of an empty one.
PAGES = {
    "": 32,
    "deferral/job/": 6,
    "deferral/job/?q=H-94711": 8,
    "deferral/job/?q=crowd:4711": 8,
    "deferral/job/?state__exact=dead": 6,
    "deferral/job/dead-letters/": 6,
    "deferral/job/time-per-task/?window=week": 4,
    "deferral/event/": 6,
    "deferral/event/?q=H-94711": 8,
    "deferral/intervention/": 6,
    "deferral/intervention/?q=partner": 9,
    "reviews/review/": 6,
    "reviews/review/?q=H-94711": 8,
    "reviews/review/?state__exact=waiting": 6,
    "orders/order/": 6,
    "orders/return/": 8,
    "orders/return/?q=H-94711": 10,
    "orders/return/?state__exact=asked": 8,
    "orders/order/?q=H-94711": 7,
    "orders/order/?q=Customer 4711": 10,
    "orders/paymentattempt/?q=H-94711": 7,
    "orders/consignment/": 6,
    "orders/consignment/?q=H-94711": 7,
    "orders/shipment/": 6,
    "orders/shipment/?q=H-94711": 7,
    "orders/shipment/?needs=staff": 6,
    "orders/shipmentnotice/?wrong=open": 6,
    "orders/shipmentnotice/?q=H-94711": 7,
    "reports/document/?q=H-94711": 7,
    "reports/ticket/?q=H-94711": 8,
    "reports/statementrun/": 6,
    "reports/statement/": 7,
    "audit/auditentry/?q=H-94711": 8,
    "shop/reservation/?q=H-94711": 8,
    "notifications/sentmail/?q=H-94711": 7,
    "webhooks/endpoint/": 6,
    "webhooks/delivery/": 7,
    "webhooks/delivery/?delivered=no": 7,
    "webhooks/delivery/?q=H-94711": 8,
}


@pytest.fixture(params=[0, 5_000], ids=["empty", "crowded"])
def rows(request: pytest.FixtureRequest, db: None) -> int:
    """So many of everything."""
    stock_shop()
    crowd(request.param)
    return int(request.param)


def test_a_crowd_costs_no_more_queries(
    rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    staff = sitting(superuser=True)
    for page, most in PAGES.items():
        with django_assert_max_num_queries(most, info=page):
            answer = staff.get(f"/admin/{page}")
        assert answer.status_code == 200, page
        if rows and "q=" in page:
            assert answer.context["cl"].result_list, page


def test_a_list_counts_no_further_than_it_must(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deferral.admin.kit.read_only.ShortCount.MOST", 100)
    found = sitting(superuser=True).get("/admin/deferral/job/").context["cl"]

    assert found.result_count == min(rows, 100)
    assert len(found.result_list) == min(rows, 50)
