"""The customer's review of a line of their order, and all reviews of a product.

The address of the first may hold the order's token. It is told to our own pages only
(`same-origin`), which a form with a CSRF token needs.
"""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from deferral.errors import Outcome
from deferral.failure_kinds import TOO_MANY
from deferral.pressure.shedding import refuse
from media.errors import NotAccepted
from media.large_bodies import MOST_AT_ONCE, with_room
from media.pictures.opening import in_megabytes
from orders.models import OrderLine
from orders.payments.refunds.sums import back_of
from reviews import writing
from reviews.errors import ReviewNotTaken
from reviews.films import LIMITS
from reviews.forms import ReviewForm, as_written
from reviews.models import Review
from reviews.selectors import as_shown, review_of, shown_of, summary_of
from reviews.taking import take_review
from reviews.who_may import hindrance
from shop.access import Visit, visit
from shop.models import Product

CONFLICT, UNPROCESSABLE, AWAY = 409, 422, 503
MAKES = "media"
LATER = "We cannot take photos at the moment. Send the rest now, or all of it {when}."
NOT_KEPT = "Photos cannot be kept at the moment. Send the rest now, or all of it later."
A_PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def review(request: HttpRequest, number: str, line_id: int) -> HttpResponse:
    """The form while it may be written or changed; then what became of it."""
    mine = visit(request, number)
    line = get_object_or_404(OrderLine, pk=line_id, order=mine.order)
    if request.method != "POST":
        return page(request, mine, line)
    if request.POST.get("do") == "withdraw":
        writing.withdraw_review(line_id=line.pk)
        return redirect(reverse("shop:order", args=[number]) + mine.query)
    return save(request, mine, line)


def save(request: HttpRequest, mine: Visit, line: OrderLine) -> HttpResponse:
    """Take what was sent, or show it again with what is wrong. 429 for photos under pressure."""
    form = form_of(mine, review_of(line.pk), request)
    if not form.is_valid():
        return page(request, mine, line, form, status=UNPROCESSABLE)
    photos = form.cleaned_data["photos"]
    if photos and (seconds := refuse([MAKES])) is not None:
        form.add_error("photos", LATER.format(when=f"in {seconds} seconds"))
        answer = page(request, mine, line, form, status=TOO_MANY)
        answer["Retry-After"] = str(seconds)
        return answer
    try:
        version = form.cleaned_data["version"]
        take_review(line_id=line.pk, said=form.said(), version=version, photos=photos)
    except (ReviewNotTaken, NotAccepted) as error:
        form.add_error(None, str(error))
        return page(request, mine, line, form, status=CONFLICT)
    except Outcome:
        form.add_error("photos", NOT_KEPT)
        return page(request, mine, line, form, status=AWAY)
    return redirect(address_of(mine, line) + mine.query)


def form_of(mine: Visit, found: Review | None, request: HttpRequest | None = None) -> ReviewForm:
    """As it was sent, or as it stands."""
    files = [one for one in found.files.all() if not one.is_film] if found else []
    if request is not None:
        return ReviewForm(request.POST, request.FILES, files=files)
    return ReviewForm(files=files, initial=as_written(found, mine.order.name))


def page(
    request: HttpRequest,
    mine: Visit,
    line: OrderLine,
    form: ReviewForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """With the version that is stored now, also beside what was sent for an older one."""
    found, context = review_of(line.pk), seen_by(mine, line)
    refused = (
        "" if found else hindrance(mine.order, line, context["product"], back_of(line.order_id))
    )
    files = found.files.all() if found else ()
    is_open = not refused and (found is None or found.state == Review.State.WAITING)
    context |= {
        "review": found,
        "version": found.version if found else writing.NONE_YET,
        "refused": refused,
        "form": (form or form_of(mine, found)) if is_open else None,
        "told": form.non_field_errors() if form and not is_open else (),
        "film_page": reverse("reviews:film", args=[mine.order.number, line.pk]),
        "has_film": any(one.is_film for one in files),
        "photos_sent": sum(not one.is_film for one in files),
        "longest_film": LIMITS.longest // 60,
    }
    return render(request, "reviews/review.html", context, status=status)


def seen_by(mine: Visit, line: OrderLine) -> dict[str, Any]:
    """Whose order it is, what it is about, and where the form is sent to."""
    return {
        "visit": mine,
        "order": mine.order,
        "line": line,
        "product": Product.objects.filter(sku=line.sku).first(),
        "send_to": with_room(address_of(mine, line)) + mine.query.replace("?", "&", 1),
        "most": in_megabytes(MOST_AT_ONCE),
        "section": "orders",
    }


def address_of(mine: Visit, line: OrderLine) -> str:
    """Of this page, without what lets its visitor in."""
    return reverse("reviews:review", args=[mine.order.number, line.pk])


@require_safe
def of_product(request: HttpRequest, slug: str) -> HttpResponse:
    """All that are shown, page by page. Of what is no longer sold there is no page."""
    product = get_object_or_404(Product, slug=slug, on_sale=True)
    found = Paginator(shown_of(product.pk), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "product": product,
        "summary": summary_of(product.pk),
        "page": found,
        "reviews": as_shown(found.object_list),
        "section": product.section,
    }
    return render(request, "reviews/of_product.html", context)
