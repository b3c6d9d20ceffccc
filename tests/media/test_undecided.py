"""Staff are told on the first page of what waits for them to decide."""

import pytest

from media.models import Asset
from media.services import receive
from tests.deferral.staff import sitting
from tests.media.drawn import photo

pytestmark = pytest.mark.django_db


def waiting(name: str, verdict: Asset.Verdict = Asset.Verdict.REVIEW) -> Asset:
    return receive(photo(), name=name, verdict=verdict)


def test_what_waits_for_a_decision_is_counted_and_led_to() -> None:
    first = waiting("<pier>.mov")
    waiting("sea.mov")
    waiting("decided.mov", Asset.Verdict.REFUSED)
    page = sitting("change_asset", "view_asset").get("/admin/").content.decode()

    assert f'<a href="/admin/media/asset/{first.pk}/change/">&lt;pier&gt;.mov</a>' in page
    assert "/admin/media/asset/?verdict__exact=review" in page
    assert ("sea.mov" in page, "decided.mov" in page) == (True, False)


def test_the_link_leads_to_these_alone() -> None:
    waiting("sea.mov")
    waiting("decided.mov", Asset.Verdict.OK)
    staff = sitting("change_asset", "view_asset")
    page = staff.get("/admin/media/asset/?verdict__exact=review").content.decode()

    assert ("sea.mov" in page, "decided.mov" in page) == (True, False)


@pytest.mark.parametrize("permission", ["view_asset", "view_order"])
def test_nobody_else_is_told(permission: str) -> None:
    waiting("sea.mov")

    assert "sea.mov" not in sitting(permission).get("/admin/").content.decode()


def test_nothing_stands_there_while_nothing_waits() -> None:
    waiting("decided.mov", Asset.Verdict.OK)

    assert "Uploads to decide" not in sitting(superuser=True).get("/admin/").content.decode()
