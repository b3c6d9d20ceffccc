"""What a customer is told of their review."""

from django.conf import settings
from django.urls import reverse

from media.models import Asset
from notifications.gateway import Mail
from notifications.messages.rendering import order_mail
from orders.models import Order
from reviews.models import Review


def review_decided(order: Order, review: Review, *, key: str) -> Mail:
    """It is shown, or it is not, and why."""
    is_shown = review.state == Review.State.SHOWN
    title = review.line.title.replace("{", "{{").replace("}", "}}")
    page = reverse("reviews:review", args=[order.number, review.line_id])
    context = {
        "review": review,
        "title": review.line.title,
        "is_shown": is_shown,
        "film": _of_film(review) if is_shown else "",
        "review_link": f"{settings.SITE_URL}{page}?token={order.link_token}",
        "product_link": f"{settings.SITE_URL}{review.product.get_absolute_url()}#reviews"
        if review.product.on_sale
        else "",
    }
    subject = f"Your review of {title} {'can be read' if is_shown else 'is not shown'}"
    return order_mail(order, "review_decided", subject, key, context)


def _of_film(review: Review) -> str:
    """What of its film is shown with it; "" where it has none."""
    film = review.film()
    if film is None:
        return ""
    is_seen = film.verdict == Asset.Verdict.OK
    return "Your film can be watched with it." if is_seen else "Your film is not shown with it."
