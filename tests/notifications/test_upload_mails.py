"""The mail that says what became of uploads: one for all that were sent together."""

from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from deferral.models import Job
from deferral.relay.expansion import expand_events
from media.models import Asset
from media.services import receive
from shop.films import attach_film
from shop.gallery import add_picture
from shop.models import Product
from tests.deferral.bench import put, run
from tests.media.drawn import photo
from tests.rig.jobs import LONG_DUE
from tests.rig.stocking import stock_shop

pytestmark = pytest.mark.django_db(transaction=True)
ADA = "ada@halyard.example"


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: Settings, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def sent(name: str = "pier.jpg", by: str = ADA, verdict: str = "ok") -> Asset:
    return receive(photo(), name=name, uploaded_by=by, verdict=Asset.Verdict(verdict))


def film(*renditions: int, verdict: str = "review", name: str = "pier.mov") -> Asset:
    """As its jobs leave it; the announcement of it is over."""
    asset = sent(name, verdict=verdict)
    Asset.objects.filter(pk=asset.pk).update(kind="film")
    for size in (*renditions, 0):
        kind = "rendition" if size else "poster"
        key = f"{kind}:{asset.tag}:{size}"
        asset.variants.create(key=key, kind=kind, measure=size, size=1, width=1, height=1)
    put(f"asset_ready:{asset.tag}", state="done")
    return asset


def given_up(asset: Asset, size: int) -> None:
    kwargs = {"tag": asset.tag, "size": size}
    columns = {"subject": asset.subject, "kwargs": kwargs, "cause": "ffmpeg fails"}
    put(f"rendition:{asset.tag}:{size}-mp4", state="dead", **columns)


def told(*assets: Asset) -> Any:
    """The mail to whoever has sent them."""
    for asset in assets:
        task, kwargs = "notifications.tell_of_upload", {"asset_id": asset.pk}
        run(put(f"upload_told:{asset.tag}", task=task, queue="mail", kwargs=kwargs))
    [message] = mail.outbox
    return message


def work_off(*assets: Asset) -> None:
    """Relay and workers, one asset after the other, as far as their announcement."""
    expand_events()
    for asset in assets:
        run(Job.objects.get(key=f"picture:{asset.tag}"))
        run(Job.objects.get(key=f"asset_ready:{asset.tag}"))
    expand_events()


def tell(asset: Asset) -> str:
    """Its mail's job, due or not."""
    waits = Job.objects.filter(key=f"upload_told:{asset.tag}", state="pending")
    waits.update(next_at=LONG_DUE)
    return run(Job.objects.get(key=f"upload_told:{asset.tag}")).state


def test_it_leads_to_the_product(django_db_blocker: Any) -> None:
    stock_shop()
    product = Product.objects.all()[0]
    picture = add_picture(product_id=product.pk, file=photo(), name="pier.jpg", by=ADA)
    work_off(picture.asset)

    assert tell(picture.asset) == "done"
    [message] = mail.outbox
    assert (message.to, message.subject) == ([ADA], "Your picture can be seen: pier.jpg")
    assert f"/admin/shop/product/{product.pk}/pictures/" in message.body


def test_of_a_products_film_it_leads_to_the_page_of_that() -> None:
    stock_shop()
    product = Product.objects.all()[0]
    asset = film(480, verdict="ok")
    asset.refresh_from_db()
    attach_film(asset, product_id=product.pk)

    assert f"/admin/shop/product/{product.pk}/film/" in told(asset).body


def test_three_that_were_sent_together_are_one_mail() -> None:
    three = [sent(name) for name in ("a", "b", "c")]
    work_off(*three[:2])
    assert [tell(asset) for asset in three[:2]] == ["pending", "pending"]
    assert not mail.outbox
    work_off(three[2])
    assert [tell(asset) for asset in reversed(three)] == ["done", "done", "done"]

    [message] = mail.outbox
    assert message.subject == "Your pictures can be seen: 3 pictures"
    assert "- a\n- b\n- c" in message.body


def test_one_is_told_where_the_other_that_it_waited_for_is_deleted() -> None:
    over, gone = sent("over"), sent("gone")
    work_off(over)
    tell(over)
    gone.delete()

    assert tell(over) == "done"
    assert [message.subject for message in mail.outbox] == ["Your picture can be seen: over"]


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


def test_what_could_not_be_made_is_said() -> None:
    asset = sent()
    work_off(asset)
    asset.variants.all().delete()
    Job.objects.filter(key=f"picture:{asset.tag}").update(
        state="dead", subject=asset.subject, cause="This picture is damaged."
    )
    tell(asset)

    [message] = mail.outbox
    assert message.subject == "Your picture could not be made: pier.jpg"
    assert "- pier.jpg: This picture is damaged." in message.body


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        ("ok", "can be seen"),
        ("", "waits for a decision"),
        ("review", "waits for a decision"),
        ("refused", "is not shown"),
    ],
)
def test_a_film_can_be_seen_only_where_that_was_decided(verdict: str, said: str) -> None:
    message = told(film(480, 720, verdict=verdict))

    assert message.subject == f"Your film {said}: pier.mov"
    assert ("can be seen" in message.body) == (verdict == "ok")


def test_a_film_without_its_largest_size_is_made_all_the_same() -> None:
    asset = film(480, 720, verdict="ok")
    given_up(asset, 2160)
    message = told(asset)

    assert message.subject == "Your film can be seen: pier.mov"
    assert "- pier.mov: not made of it: 2160p: ffmpeg fails" in message.body
    assert "not made of it: 2160p: ffmpeg fails</li>" in message.alternatives[0][0]


def test_a_poster_alone_is_no_film() -> None:
    asset = film(verdict="ok")
    given_up(asset, 480)

    assert told(asset).subject == "Your film could not be made: pier.mov"


def test_of_several_each_fate_is_counted() -> None:
    seen = film(480, verdict="ok"), film(480, verdict="ok")
    message = told(*seen, film(480), film(480), film())

    said = "Your 5 films: 2 can be seen, 2 wait for a decision, 1 could not be made"
    assert message.subject == said


def test_what_nobody_has_judged_when_all_is_over_is_for_staff() -> None:
    assets = sent(verdict=""), sent(verdict="refused")
    work_off(*assets)

    assert list(Asset.objects.order_by("pk").values_list("verdict", flat=True)) == [
        "review",
        "refused",
    ]


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({"uploaded_by": ADA, "kind": "film", "told_with": ""}, "asset_untold"),
        ({"uploaded_by": ADA, "kind": "film", "told_with": "upload_told:x"}, "asset_told_with"),
        ({"verdict": "review"}, "asset_undecided"),
    ],
)
def test_what_is_asked_of_all_uploads_has_an_index(asked: dict[str, str], index: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; ANALYZE media_asset")
        plan = Asset.objects.filter(**asked).order_by().explain()  # an order has an index, too

    assert index in plan


def test_nobody_is_told_of_what_was_deleted_or_imported() -> None:
    gone, imported = sent(), sent(by="")
    work_off(gone, imported)
    gone.delete()

    assert tell(gone) == "done"
    assert not Job.objects.filter(key=f"upload_told:{imported.tag}").exists()
    assert not mail.outbox
