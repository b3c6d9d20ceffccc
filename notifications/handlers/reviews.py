"""Whoever wrote a review is told what was decided about it."""

from collections.abc import Iterator

from deferral.handlers import Work, handles, job
from notifications.tasks import reviews as tasks
from reviews.events import ReviewDecided
from reviews.models import Review


@handles(ReviewDecided)
def tell_of_review(fact: ReviewDecided) -> Iterator[Work]:
    """Once for each decision; nobody where it was withdrawn before."""
    for review in Review.objects.filter(pk=fact.review_id):
        key = f"review_decided:{review.tag}:{fact.decision}"
        yield job(tasks.tell_of_review, key=key, review_id=review.pk, decision=fact.decision)
