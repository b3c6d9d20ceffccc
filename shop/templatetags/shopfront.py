"""What the templates need: money, pictures, and how full the cart is."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.forms import BaseForm
from django.urls import reverse
from django.utils.html import format_html

from orders.models import Order
from orders.payments.refunds.sums import Back
from shop import wording
from shop.art import draw_hero, picture_of
from shop.cart import Cart
from shop.countdowns import counted
from shop.footer import FOOTER, FooterLink
from shop.models import Product
from shop.photos import LinkPhoto, Photo, photo_of
from shop.previews import of_product, of_the_shop
from shop.shipping import in_words
from shop.steps import Step
from shop.wrong_fields import wrong_fields

register = template.Library()
register.filter("euros", wording.euros)


@register.filter
def numbers(found: Iterable[int]) -> str:
    """`1, 3, 7`, lowest first."""
    return ", ".join(map(str, sorted(found)))


@register.filter
def ends_documents_of(back: Back, order: Order) -> bool:
    """Whether what goes back is for a ticket or a download among others."""
    return back.ends_documents(order.lines.all())


@register.filter
def counting(step: Step) -> str:
    """A step's note, in which the page's script counts down how long it still is."""
    before, when, after = step.note_around_the_clock
    return format_html("{}{}{}", before, counted(step.left, due=step.due) if when else "", after)


# How wide a picture is in the list of products, and on a product's page: of a window this narrow.
# In the list an eighth less: so few pixels are not seen to be missing, and a screen of double
# density loads 480 of them, not 640.
CARD = ((48, 40), (60, 27))
CARD_REM = 15
PAGE = "(max-width: 48rem) 92vw, 34rem"


@register.filter
def picture(product: Product) -> str:
    """Where its picture is, small; or its drawing. Another one has another address."""
    photo = photo_of(product)
    return photo.smallest if photo else drawing(product)


@register.filter
def drawing(product: Product) -> str:
    """Where the drawing is that each product has."""
    return f"{reverse('shop:art', args=[product.slug])}?v={picture_of(product).digest}"


@register.filter(name="photo")
def first_photo(product: Product) -> Photo | None:
    """Its first picture, for a list; None: it has a drawing."""
    return photo_of(product)


@register.inclusion_tag("shop/_photo.html")
def card_photo(photo: Photo, *, lazy: bool = False) -> dict[str, Any]:
    """In a square, which is filled: a wide one is loaded as much wider. A link names it."""
    parts = [f"(max-width: {rem}rem) {photo.breadth * vw:.0f}vw" for rem, vw in CARD]
    sizes = ", ".join([*parts, f"{photo.breadth * CARD_REM:.0f}rem"])
    return {"photo": photo, "sizes": sizes, "words": "", "lazy": lazy}


@register.inclusion_tag("shop/_photo.html")
def page_photo(photo: Photo, *, lazy: bool = False) -> dict[str, Any]:
    """As it is, and with what it shows in words."""
    return {"photo": photo, "sizes": PAGE, "words": photo.words, "lazy": lazy}


@register.inclusion_tag("shop/_wrong.html")
def what_is_wrong(form: BaseForm) -> dict[str, Any]:
    """Nothing of a form that has not been sent, or that was right. It stands before the fields."""
    return {"wrong": wrong_fields(form) if form.is_bound else []}


@register.inclusion_tag("shop/_preview.html")
def link_preview(product: Product | None = None, photo: LinkPhoto | None = None) -> dict[str, Any]:
    """What is shown of a link to this page: of a product's, or of any other of the shop."""
    return of_product(product, photo) if product else of_the_shop()


@register.simple_tag
def shipping_note() -> str:
    """What having it sent costs."""
    return in_words()


@register.simple_tag
def hero() -> str:
    """Where the large picture of the first page is."""
    return f"{reverse('shop:hero')}?v={draw_hero().digest}"


@register.simple_tag(takes_context=True)
def cart_count(context: dict[str, Any]) -> int:
    """How many pieces are in the visitor's cart; 0 on a page that is nobody's answer."""
    request = context.get("request")
    return 0 if request is None else Cart(request).count


@register.simple_tag
def footer_links() -> Sequence[FooterLink]:
    """What other apps have at the foot of the page."""
    return list(FOOTER.values())
