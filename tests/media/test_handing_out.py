"""Pictures for everybody: what is public is kept for ever, and nothing else is shown."""

import pytest
from django.http import HttpResponse
from django.test import Client

from media.addresses import picture_address
from media.models import Asset, Variant
from media.services import receive
from tests.deferral.staff import sitting
from tests.media.drawn import photo
from tests.media.made import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def variant() -> Variant:
    """Of a picture that staff have added."""
    asset = receive(photo(400, 300), name="photo", verdict=Asset.Verdict.OK)
    make(asset)
    return asset.variants.get(measure=320, format="webp")


def fetched(variant: Variant, client: Client | None = None) -> HttpResponse:
    found = (client or Client()).get(picture_address(variant.asset.tag, variant))
    assert isinstance(found, HttpResponse)
    return found


def test_it_is_kept_for_ever_and_may_do_nothing(variant: Variant) -> None:
    answer = fetched(variant)

    assert answer.content == variant.read()
    assert answer["Content-Type"] == "image/webp"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert "Cookie" not in answer.get("Vary", "")


def test_who_has_it_is_told_so(variant: Variant) -> None:
    etag = fetched(variant)["ETag"]

    again = Client().get(
        picture_address(variant.asset.tag, variant), headers={"if-none-match": etag}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("verdict", ["", "review", "refused"])
def test_what_nobody_has_allowed_is_shown_to_staff_alone(variant: Variant, verdict: str) -> None:
    Asset.objects.update(verdict=verdict)

    assert fetched(variant).status_code == 404
    seen = fetched(variant, sitting("view_asset"))
    assert (seen.status_code, seen["Cache-Control"]) == (200, "private, no-store")
    assert fetched(variant, sitting("view_order")).status_code == 404


@pytest.mark.parametrize("change", ["640-", "320-0", "x-", "-", "320"])
def test_no_other_address_leads_to_it(variant: Variant, change: str) -> None:
    right = picture_address(variant.asset.tag, variant)

    assert Client().get(right.replace("320-", change)).status_code == 404
    assert Client().get(right.replace(".webp", ".jpeg")).status_code == 404


def test_an_original_has_no_address(variant: Variant) -> None:
    original = variant.asset
    for name in (f"original-{original.sha256[:16]}.jpeg", f"400-{original.sha256[:16]}.jpeg"):
        assert Client().get(f"/pictures/{original.tag}/{name}").status_code == 404
    assert Client().get(f"/media/{original.file.name}").status_code == 404


def test_one_that_is_lost_is_a_404_and_an_error(variant: Variant) -> None:
    variant.forget()

    assert fetched(variant).status_code == 404
