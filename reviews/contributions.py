"""What reviews add to the shop: a section below a product, and a link beside a line of an order.

Their photos and films are decided about with them, and nowhere else.
"""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.personal_data import PERSONAL_DATA
from media.belonging import OWNERS, Owner
from media.models import Asset
from orders.models import Order
from orders.payments.refunds.sums import Back
from reviews import films
from reviews.models import Review, ReviewFile
from reviews.personal import PERSONAL
from reviews.selectors import as_shown, shown_of, states_of, summary_of
from reviews.who_may import hindrance
from shop.additions import LINE_LINKS, SECTIONS, LineLink, Lines, Section
from shop.models import Product

__all__ = ["films", "links", "owned", "page_of", "section"]  # its purpose is declared by that

# On the product's own page. All of them have a page of theirs.
FIRST_FEW = 5
LABELS = {
    Review.State.WAITING: "Your review waits for us",
    Review.State.SHOWN: "Your review",
    Review.State.REFUSED: "Your review was not taken",
}


def section(product: Product) -> Section:
    """Count, average and the latest: four queries, and one where there are none."""
    summary = summary_of(product.pk)
    latest = as_shown(shown_of(product.pk)[:FIRST_FEW]) if summary.count else []
    return Section(
        template="reviews/_section.html",
        style="reviews/reviews.css",
        context={
            "summary": summary,
            "reviews": latest,
            "all": reverse("reviews:of_product", args=[product.slug])
            if summary.count > FIRST_FEW
            else "",
        },
    )


def links(order: Order, lines: Lines, back: Back) -> Mapping[int, LineLink]:
    """To write one, or to what was written. One query; none of an order that never was paid."""
    if order.paid_at is None:
        return {}
    states, found = states_of(order.pk), {}
    for line, product in lines:
        label = LABELS.get(Review.State(states[line.pk])) if line.pk in states else ""
        if not label and not hindrance(order, line, product, back):
            label = "Write a review"
        if label:
            address = reverse("reviews:review", args=[order.number, line.pk])
            found[line.pk] = LineLink(label=label, address=address)
    return found


def owned() -> Exists:
    """Whether an asset is a review's."""
    return Exists(ReviewFile.objects.filter(asset=OuterRef("pk")))


def page_of(asset: Asset) -> str:
    """Of its review, in the admin."""
    review = Review.objects.get(files__asset=asset)
    return reverse("admin:reviews_review_change", args=[review.pk])


SECTIONS.fill("reviews", section)
LINE_LINKS.fill("reviews", links)
OWNERS.fill("reviews", Owner(owns=owned, page=page_of))
PERSONAL_DATA.fill("reviews", PERSONAL)
