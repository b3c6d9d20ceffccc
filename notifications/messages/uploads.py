"""What people are told of their uploads."""

from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from media.telling import Told
from notifications.gateway import Mail
from shop.models import ProductPicture

# So many are named, and the rest counted.
NAMED = 20


def uploads_ready(news: Sequence[Told], *, key: str) -> Mail:
    """To whoever has sent them: what is made, what could not be and why, and where to look."""
    missing = [one for one in news if one.missing]
    context = {
        "made": [one for one in news if not one.missing][:NAMED],
        "missing": missing[:NAMED],
        "more": max(0, len(news) - len(missing) - NAMED),
        "links": [f"{settings.SITE_URL}{path}" for path in _pages(news)],
    }
    return Mail(
        key=key,
        to=news[0].asset.uploaded_by,
        subject=_subject(news, len(missing)),
        text=render_to_string("notifications/uploads_ready.txt", context),
        html=render_to_string("notifications/uploads_ready.html", context),
    )


def _subject(news: Sequence[Told], missing: int) -> str:
    kind = news[0].asset.kind
    what = news[0].asset.name if len(news) == 1 else f"{len(news)} {kind}s"
    if missing == len(news):
        return f"Your {kind} could not be made: {what}"
    some = f", {missing} could not be made" if missing else ""
    return f"Your {kind}{'s' if len(news) > 1 else ''} can be seen: {what}{some}"


def _pages(news: Sequence[Told]) -> list[str]:
    assets = [one.asset.pk for one in news]
    found = ProductPicture.objects.filter(asset__in=assets).values_list("product_id", flat=True)
    return [reverse("admin:shop_product_pictures", args=[pk]) for pk in dict.fromkeys(found)]
