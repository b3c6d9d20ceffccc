"""The mail that says that pictures are made: one for all that were sent together."""

from typing import Any

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from deferral.models import Job
from deferral.relay.expansion import expand_events
from media.models import Asset
from media.services import receive
from shop.gallery import add_picture
from shop.models import Product
from shop.seeding import seed_catalogue
from tests.deferral.bench import run
from tests.media.drawn import photo

pytestmark = pytest.mark.django_db(transaction=True)
ADA = "ada@halyard.example"


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def sent(name: str = "pier.jpg", by: str = ADA) -> Asset:
    return receive(photo(), name=name, uploaded_by=by)


def work_off(*assets: Asset) -> None:
    """Relay and workers, one asset after the other, as far as their announcement."""
    expand_events()
    for asset in assets:
        run(Job.objects.get(key=f"picture:{asset.tag}"))
        run(Job.objects.get(key=f"asset_ready:{asset.tag}"))
    expand_events()


def tell(asset: Asset) -> str:
    return run(Job.objects.get(key=f"upload_told:{asset.tag}")).state


def test_it_leads_to_the_product(django_db_blocker: Any) -> None:
    seed_catalogue()
    product = Product.objects.all()[0]
    picture = add_picture(product_id=product.pk, file=photo(), name="pier.jpg", by=ADA)
    work_off(picture.asset)

    assert tell(picture.asset) == "done"
    [message] = mail.outbox
    assert (message.to, message.subject) == ([ADA], "Your picture can be seen: pier.jpg")
    assert f"/admin/shop/product/{product.pk}/pictures/" in message.body


def test_three_that_were_sent_together_are_one_mail() -> None:
    three = [sent(name) for name in ("a", "b", "c")]
    work_off(*three[:2])
    for asset in three[:2]:
        tell(asset)
    assert not mail.outbox
    work_off(three[2])
    tell(three[2])

    [message] = mail.outbox
    assert message.subject == "Your pictures can be seen: 3 pictures"
    assert "- a\n- b\n- c" in message.body


def test_two_that_end_at_once_are_told_once_and_what_comes_later_apart() -> None:
    two = [sent(name) for name in ("a", "b")]
    work_off(*two)
    for asset in (*two, two[0]):
        tell(asset)
    later = sent("later")
    work_off(later)
    tell(later)

    assert [message.subject for message in mail.outbox] == [
        "Your pictures can be seen: 2 pictures",
        "Your picture can be seen: later",
    ]


def test_what_could_not_be_made_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    asset = sent()
    Job.objects.all().delete()
    work_off(asset)
    Job.objects.filter(key=f"picture:{asset.tag}").update(
        state="dead", subject=asset.subject, cause="This picture is damaged."
    )
    tell(asset)

    [message] = mail.outbox
    assert message.subject == "Your picture could not be made: pier.jpg"
    assert "- pier.jpg: This picture is damaged." in message.body


def test_nobody_is_told_of_what_was_deleted_or_imported() -> None:
    gone, imported = sent(), sent(by="")
    work_off(gone, imported)
    gone.delete()

    assert tell(gone) == "done"
    assert not Job.objects.filter(key=f"upload_told:{imported.tag}").exists()
    assert not mail.outbox
