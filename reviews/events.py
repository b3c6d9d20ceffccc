"""What happens to reviews. Payloads are ids; subscribers read the rest fresh."""

from deferral.events import DomainEvent, event


@event("reviews.review_decided")
class ReviewDecided(DomainEvent):
    """Staff show it, or refuse it. `decision` counts what was decided about it: 1 is the first."""

    review_id: int
    decision: int
