"""Films of products that staff send: who may, and what becomes of one that has arrived."""

from django.http import HttpRequest

from media.models import Asset
from media.uploads.errors import SubjectGone
from media.uploads.purposes import purpose
from shop.errors import FilmGone
from shop.films import attach_film
from shop.models import Product

PRODUCT_FILM = "product_film"
CHANGES = "shop.change_product"


def may_send(request: HttpRequest, subject: str) -> bool:
    """Staff who may change products, of a product that is there."""
    user = request.user
    return (
        user.is_active
        and user.is_staff
        and user.has_perm(CHANGES)
        and Product.objects.filter(pk=subject).exists()
    )


@purpose(PRODUCT_FILM, may=may_send)
def attach(asset: Asset, *, subject: str) -> None:
    """It is the product's film from now on, once it may be shown. SubjectGone."""
    try:
        attach_film(asset, product_id=int(subject))
    except FilmGone as error:
        raise SubjectGone(str(error)) from error
