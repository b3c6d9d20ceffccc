"""The film of a product: attached, given captions, taken away, alone or with its product.

The product's row is locked meanwhile: of two who send a film at once the second replaces the
first one's, and nothing of that is left.
"""

from django.db import transaction
from django.db.models import QuerySet

from media.models import Asset
from media.removing import remove_assets
from shop.errors import FilmGone, NoFilm
from shop.locking import is_locked
from shop.models import ProductFilm


@transaction.atomic
def attach_film(asset: Asset, *, product_id: int) -> ProductFilm:
    """Make it the product's film, in the caller's transaction if there is one.

    An earlier film goes with its captions, which fit no other. The same film again changes
    nothing. NoFilm for a picture, FilmGone where the product is deleted.
    """
    if asset.kind != Asset.Kind.FILM:
        raise NoFilm
    if not is_locked(product_id):
        raise FilmGone
    earlier = ProductFilm.objects.filter(product_id=product_id).exclude(asset=asset)
    remove_assets(Asset.objects.filter(pk__in=earlier.values("asset")))
    film, _ = ProductFilm.objects.get_or_create(product_id=product_id, asset=asset)
    return film


@transaction.atomic
def caption_film(*, film_id: int, captions: str, language: str) -> None:
    """Show these words with it, which were checked. FilmGone."""
    _locked(film_id).update(captions=captions, language=language)


@transaction.atomic
def uncaption_film(*, film_id: int) -> None:
    """Show it without words. FilmGone."""
    _locked(film_id).update(captions="")


@transaction.atomic
def remove_film(*, film_id: int) -> None:
    """Nobody gets it any more. A job of it finds nothing. FilmGone, also of one that was replaced:
    the one that came in its place stays.
    """
    remove_assets(Asset.objects.filter(pk__in=_locked(film_id).values("asset")))


def _locked(film_id: int) -> QuerySet[ProductFilm]:
    """It alone, once nobody else changes what its product has. FilmGone."""
    films = ProductFilm.objects.filter(pk=film_id)
    for product_id in films.values_list("product_id", flat=True):
        is_locked(product_id)
    if not films.exists():
        raise FilmGone
    return films
