"""Films in a browser: only what may be seen, in parts as players ask for it."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from media.addresses import film_address
from media.models import Asset, Variant
from media.ranges import Part, part_of
from media.services import receive
from tests.media.drawn import photo
from tests.media.films.filming import GREY, film, looked_at, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset(tmp_path: Path) -> Asset:
    """Nobody has decided about it."""
    found = looked_at(film(tmp_path, picture=GREY))
    run("media.make_rendition", found, size=480)
    return found


def shown(asset: Asset) -> str:
    """Decided about; the address of its rendition."""
    Asset.objects.filter(pk=asset.pk).update(verdict="ok")
    return film_address(asset.tag, asset.variants.get(kind=Variant.Kind.RENDITION))


def content(answer: Any) -> bytes:
    """All of what is streamed; none of what is not."""
    return b"".join(answer.streaming_content) if answer.streaming else b""


def got(client: Client, address: str) -> Any:
    """The answer, read to its end."""
    answer = client.get(address)
    content(answer)
    return answer


def staff(*permissions: str) -> Client:
    """Somebody who may do this."""
    found = User.objects.create(email="eva@halyard.example", is_staff=True)
    found.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(found)
    return client


@pytest.mark.parametrize("verdict", ["", "review", "refused"])
def test_before_somebody_has_said_so_nobody_sees_anything_of_it(
    asset: Asset, client: Client, verdict: str
) -> None:
    Asset.objects.filter(pk=asset.pk).update(verdict=verdict)
    addresses = [film_address(asset.tag, each) for each in asset.variants.all()]

    assert len(addresses) == 2
    assert {got(client, address).status_code for address in addresses} == {404}
    looks = staff("view_asset")
    assert {got(looks, address).status_code for address in addresses} == {200}
    assert "no-store" in got(looks, addresses[0])["Cache-Control"]


def test_what_is_handed_out_is_what_it_says_and_kept_for_a_year(
    asset: Asset, client: Client
) -> None:
    answer = client.get(shown(asset))

    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("video/mp4", "nosniff")
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert "immutable" in answer["Cache-Control"]
    assert content(answer) == asset.variants.get(kind="rendition").read()


def test_a_player_jumps_within_it(asset: Asset, client: Client) -> None:
    whole = asset.variants.get(kind="rendition").read()
    answer = client.get(shown(asset), headers={"Range": "bytes=100-199"})

    assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes 100-199/{len(whole)}")
    assert answer["Content-Length"] == "100"
    assert content(answer).startswith(whole[100:200])  # the server ends it: test_parts_served
    beyond = client.get(shown(asset), headers={"Range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(whole)}")


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("", Part(0, 99)),
        ("bytes=0-", Part(0, 99)),
        ("bytes=10-19", Part(10, 19)),
        ("bytes=90-500", Part(90, 99)),
        ("bytes=-10", Part(90, 99)),
        ("bytes=-500", Part(0, 99)),
        ("bytes=-0", None),
        ("bytes=100-", None),
        ("bytes=19-10", Part(0, 99)),
        ("bytes=0-1,5-9", Part(0, 99)),
        ("lines=1-2", Part(0, 99)),
        ("bytes=-", Part(0, 99)),
        (f"bytes={'9' * 5_000}-", Part(0, 99)),
    ],
)
def test_any_range_has_its_bytes(asked: str, part: Part | None) -> None:
    assert part_of(asked, 100) == part


def test_an_address_is_of_these_bytes_alone(asset: Asset, client: Client) -> None:
    address = shown(asset)
    digest = asset.variants.get(kind="rendition").sha256[:16]

    for other in (address.replace(digest, "0" * 16), address.replace("rendition", "picture")):
        assert client.get(other).status_code == 404


def test_staff_see_a_film_and_say_that_it_may_be_shown(asset: Asset) -> None:
    run("media.make_stills", asset)
    Asset.objects.filter(pk=asset.pk).update(verdict="review")
    decides = staff("view_asset", "change_asset")
    page = decides.get(f"/admin/media/asset/{asset.pk}/change/").content.decode()

    assert "480p" in page
    assert 'alt="At 0 s"' in page
    decision = f"/admin/media/asset/{asset.pk}/decide/show/"
    assert decision in page
    assert decides.post(decision, {"reason": "a pier"}).status_code == 302
    asset.refresh_from_db()
    assert asset.verdict == "ok"


def test_a_picture_is_on_its_page_too() -> None:
    asset = receive(photo(700, 350), name="pier.jpg")
    run("media.make_picture", asset)

    page = staff("view_asset").get(f"/admin/media/asset/{asset.pk}/change/").content.decode()
    assert f"/pictures/{asset.tag}/320-" in page


def test_who_only_reads_decides_nothing(asset: Asset) -> None:
    reads = staff("view_asset")

    assert "decide/" not in reads.get(f"/admin/media/asset/{asset.pk}/change/").content.decode()
    answer = reads.post(f"/admin/media/asset/{asset.pk}/decide/show/", {"reason": "x"})
    assert answer.status_code == 403


def test_why_a_film_is_not_taken_is_on_its_page(tmp_path: Path) -> None:
    cut = film(tmp_path)
    cut.write_bytes(cut.read_bytes()[:5_000])
    asset = looked_at(cut)

    page = staff("view_asset").get(f"/admin/media/asset/{asset.pk}/change/").content.decode()
    assert "not whole, or no film. Send it again." in page
