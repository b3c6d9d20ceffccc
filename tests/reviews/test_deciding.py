"""Staff decide about a review and its photos at once, about what they have seen, and once."""

from functools import partial
from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEntry
from deferral.errors import NotAllowed
from deferral.models import Event, Intervention
from media.models import Asset
from orders.models import Order
from reviews.deciding import refuse_review, show_review
from reviews.models import Review
from reviews.writing import withdraw_review
from tests.config.test_roles import somebody
from tests.deferral.staff import a_job, sitting
from tests.reviews.reviewing import a_photo, line_of, made, paid_for, refused, shown, written
from tests.rig.racing import ROUNDS, at_once

pytestmark = pytest.mark.django_db


def verdicts(review: Review) -> list[str]:
    return [one.verdict for one in review.assets().order_by("pk")]


def decide(who: Client, review: Review, verb: str, **said: Any) -> Any:
    address = f"/admin/reviews/review/{review.pk}/decide/{verb}/"
    return who.post(address, {"version": review.version, **said}, follow=True)


def test_the_photos_that_staff_choose_are_shown_with_it(order: Order) -> None:
    review = written(order, a_photo("a"), a_photo("b"))
    first, _ = made(review)

    assert verdicts(shown(review, first)) == ["ok", "refused"]
    assert verdicts(refused(review)) == ["refused", "refused"]
    assert verdicts(shown(review, first)) == ["ok", "refused"]


def test_what_its_author_has_changed_meanwhile_is_not_shown(order: Order) -> None:
    review = written(order)
    written(order, words="Something quite different.", version=1)
    for decide_about in (show_review, refuse_review):
        with pytest.raises(NotAllowed, match="changed, or decided about"):
            decide_about(review_id=review.pk, by="harbour", reason="", version=1)

    assert Review.objects.get().state == "waiting"


def test_what_was_withdrawn_meanwhile_is_told(order: Order) -> None:
    review = written(order)
    withdraw_review(line_id=line_of(order).pk)
    with pytest.raises(NotAllowed, match="withdrawn it meanwhile"):
        show_review(review_id=review.pk, by="harbour", reason="", version=1)


@pytest.mark.parametrize("verb", ["show", "refuse"])
def test_the_second_of_two_colleagues_is_told(order: Order, verb: str) -> None:
    """Whatever the first has decided."""
    review = written(order)
    shown(review)
    refused(review)
    answer = decide(sitting(superuser=True), review, verb, reason="late", version=1)

    told = "changed, or decided about" if verb == "show" else "cannot be done"
    assert told in answer.content.decode()
    assert Event.objects.filter(type="reviews.review_decided").count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told(stocked: Any) -> None:
    for _ in range(ROUNDS):
        review = written(paid_for((stocked["slow-swell"], 1)))
        facts: Any = {"review_id": review.pk, "by": "harbour", "reason": "x", "version": 1}
        found = at_once(partial(show_review, **facts), partial(refuse_review, **facts))

        assert sorted(type(one).__name__ for one in found) == ["NoneType", "NotAllowed"]


def test_a_decision_is_announced_and_written_down_with_it(order: Order) -> None:
    review = written(order)
    decide(sitting(superuser=True), review, "refuse", reason="Another shop.")

    review.refresh_from_db()
    assert (review.state, review.reason) == ("refused", "Another shop.")
    event = Event.objects.get(type="reviews.review_decided")
    assert event.payload == {"review_id": review.pk, "decision": 1}
    entry = AuditEntry.objects.get(action="review_refused")
    assert (entry.subject, entry.reference) == (order.subject, order.reference)
    assert entry.detail == {"sku": line_of(order).sku, "stars": 4}
    assert "Another shop." in Intervention.objects.get(subject=review.subject).reason


def test_refusing_needs_a_reason_and_showing_none(order: Order) -> None:
    review, who = written(order), sitting(superuser=True)
    assert "Say why" in decide(who, review, "refuse").content.decode()
    assert "can be seen by everybody" in decide(who, review, "show").content.decode()


def test_the_page_of_the_decision_shows_all_that_is_decided(order: Order) -> None:
    review = written(order, a_photo("pier.jpg"), a_photo("late.jpg"), words="Good.\n\n<b>Very.</b>")
    make_only = review.assets().order_by("pk")[0]
    made(review)
    review.assets().exclude(pk=make_only.pk)[0].variants.all().delete()
    page = sitting(superuser=True).get(f"/admin/reviews/review/{review.pk}/decide/show/").content

    assert b"&lt;b&gt;Very.&lt;/b&gt;" in page
    assert page.count(b"<picture>") == 1
    assert page.count(b'type="checkbox" name="photos"') == 1
    assert page.count(b'type="hidden" name="offered"') == 1
    assert b"late.jpg</a>: not made yet" in page


def test_nothing_is_shown_while_a_photo_is_still_being_made(order: Order) -> None:
    review = written(order, a_photo())
    answer = decide(sitting(superuser=True), review, "show")

    assert "still being made" in answer.content.decode()
    assert (Review.objects.get().state, verdicts(review)) == ("waiting", [""])


@pytest.mark.parametrize("state", ["waiting", "pending", "running", "paused"])
def test_a_photo_is_waited_for_while_its_job_lives(order: Order, state: str) -> None:
    review = written(order, a_photo())
    Event.objects.update(state="expanded")
    job = a_job(subject=review.assets()[0].subject, task="media.make_picture", state=state)
    with pytest.raises(NotAllowed, match="still being made"):
        shown(review)

    type(job).objects.update(state="dead")
    a_job(subject=job.subject, task="media.tell_ready", state="waiting")
    assert shown(review).state == "shown"


def test_a_photo_that_could_not_be_made_is_not_decided_about(order: Order) -> None:
    review = written(order, a_photo("a"), a_photo("b"))
    first, second = made(review)
    second.variants.all().delete()
    Event.objects.update(state="expanded")

    assert verdicts(shown(review, first, second)) == ["ok", ""]


def test_a_photo_that_was_made_since_the_page_was_drawn_is_looked_at_first(order: Order) -> None:
    review, who = written(order, a_photo("a"), a_photo("b")), sitting(superuser=True)
    first, second = made(review)
    answer = decide(who, review, "show", offered=[first.tag], photos=[first.tag])
    assert "made since you opened the page" in answer.content.decode()
    assert verdicts(review) == ["", ""]

    tags = [first.tag, second.tag]
    decide(who, review, "show", offered=tags, photos=tags[:1])
    assert verdicts(review) == ["ok", "refused"]


def test_a_photo_of_another_review_is_not_shown_along(order: Order, stocked: Any) -> None:
    mine = written(order, a_photo())
    other = written(paid_for((stocked["slow-swell"], 1)), a_photo())
    made(mine)
    [theirs] = made(other)
    shown(mine, theirs)

    assert (verdicts(mine), verdicts(other)) == (["refused"], [""])


@pytest.mark.parametrize(("role", "may"), [("support", True), ("reader", False), ("", False)])
def test_support_decides_and_readers_read(order: Order, role: str, may: bool) -> None:  # noqa: FBT001
    review, who = written(order), somebody(*filter(None, [role]))
    answer = decide(who, review, "show")

    assert answer.status_code == (200 if may else 403)
    assert Review.objects.get().state == ("shown" if may else "waiting")
    assert who.get("/admin/reviews/review/").status_code == (200 if role else 403)


def test_its_photos_are_decided_about_with_it_and_nowhere_else(order: Order) -> None:
    review = written(order, a_photo())
    [photo] = made(review)
    Asset.objects.update(verdict="review")
    who, page = sitting(superuser=True), f"/admin/media/asset/{photo.pk}/"
    assert b"Uploads to decide about" not in who.get("/admin/").content
    assert (
        f"/admin/reviews/review/{review.pk}/change/" in who.get(f"{page}change/").content.decode()
    )
    for verb in ("show", "refuse"):
        who.post(f"{page}decide/{verb}/", {"reason": "alone"})

    assert verdicts(review) == ["review"]


def test_the_first_page_counts_what_waits(order: Order) -> None:
    assert b"Reviews to decide about" not in sitting(superuser=True).get("/admin/").content
    review = written(order)
    page = sitting(superuser=True).get("/admin/").content.decode()
    assert "/admin/reviews/review/?state__exact=waiting" in page
    assert f"/admin/reviews/review/{review.pk}/change/" in page
    shown(review)

    assert b"Reviews to decide about" not in sitting(superuser=True).get("/admin/").content
