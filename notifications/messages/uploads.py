"""What people are told of their uploads."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from media.telling import Fate, Told
from notifications.gateway import Mail
from orders.models import OrderLine
from reviews.models import ReviewFile
from shop.models import ProductFilm, ProductPicture

# Of each fate so many are named, and the rest counted.
NAMED = 20


class Words(NamedTuple):
    """What is said of one upload, of several, and above their names."""

    one: str
    several: str
    heading: str


WORDS = {
    Fate.SEEN: Words("can be seen", "can be seen", "This can be seen"),
    Fate.UNDECIDED: Words(
        "waits for a decision",
        "wait for a decision",
        "Somebody on the staff looks at this before it is shown",
    ),
    Fate.HIDDEN: Words("is not shown", "are not shown", "It was decided that this is not shown"),
    Fate.UNMADE: Words("could not be made", "could not be made", "This could not be made"),
}


def uploads_ready(news: Sequence[Told], *, key: str) -> Mail:
    """To whoever has sent them: what becomes of each, what of it is missing, where to look."""
    context = {
        "subject": _subject(news),
        "groups": [_group(fate, found) for fate, found in _by_fate(news).items()],
        "links": [f"{settings.SITE_URL}{path}" for path in [*_pages(news), *_of_reviews(news)]],
    }
    return Mail(
        key=key,
        to=news[0].asset.uploaded_by,
        subject=_subject(news),
        text=render_to_string("notifications/uploads_ready.txt", context),
        html=render_to_string("notifications/uploads_ready.html", context),
    )


def _by_fate(news: Sequence[Told]) -> dict[Fate, list[Told]]:
    """Those that there are, the best first."""
    found = {fate: [one for one in news if one.fate == fate] for fate in WORDS}
    return {fate: group for fate, group in found.items() if group}


def _group(fate: Fate, news: Sequence[Told]) -> dict[str, Any]:
    return {
        "heading": WORDS[fate].heading,
        "but": "" if fate == Fate.UNMADE else "not made of it: ",
        "named": news[:NAMED],
        "more": max(0, len(news) - NAMED),
    }


def _subject(news: Sequence[Told]) -> str:
    """`Your film can be seen: pier.mov`; `Your 3 films: 2 can be seen, 1 waits for a decision`."""
    kind, groups = news[0].asset.kind, _by_fate(news)
    if len(news) == 1:
        return f"Your {kind} {WORDS[news[0].fate].one}: {news[0].asset.name}"
    if len(groups) == 1:
        return f"Your {kind}s {WORDS[news[0].fate].several}: {len(news)} {kind}s"
    counted = (_counted(fate, len(found)) for fate, found in groups.items())
    return f"Your {len(news)} {kind}s: {', '.join(counted)}"


def _counted(fate: Fate, count: int) -> str:
    return f"{count} {WORDS[fate].one if count == 1 else WORDS[fate].several}"


def _pages(news: Sequence[Told]) -> list[str]:
    assets = [one.asset.pk for one in news]
    pictures = ProductPicture.objects.filter(asset__in=assets)
    films = ProductFilm.objects.filter(asset__in=assets)
    found = [("pictures", each) for each in pictures.values_list("product_id", flat=True)]
    found += [("film", each) for each in films.values_list("product_id", flat=True)]
    return [reverse(f"admin:shop_product_{page}", args=[pk]) for page, pk in dict.fromkeys(found)]


def _of_reviews(news: Sequence[Told]) -> list[str]:
    """Of films of reviews, as their authors open them."""
    files = ReviewFile.objects.filter(asset__in=[one.asset.pk for one in news])
    lines = OrderLine.objects.filter(pk__in=files.values("review__line")).select_related("order")
    pages = ((reverse("reviews:film", args=[one.order.number, one.pk]), one.order) for one in lines)
    return [f"{page}?token={order.link_token}" for page, order in pages]
