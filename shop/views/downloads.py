"""The files that were bought."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from orders.models import OrderLine
from shop.access import Visit, visit
from shop.downloads import archive, downloads_of
from shop.models import Product
from shop.views.orders import private


@require_safe
@private
def download(request: HttpRequest, number: str, sku: str) -> HttpResponse:
    """The file of one line, for whoever may see the order. Four queries."""
    mine = visit(request, number)
    found = [line for line in mine.order.lines.all() if line.sku == sku]
    lines = [line for line in found if line.kind == OrderLine.Kind.DOWNLOAD]
    if not lines:
        raise Http404
    if not downloads_of(mine.order, lines):
        return not_now(request, mine)
    product = get_object_or_404(Product, sku=sku)
    name = content_disposition_header(as_attachment=True, filename=f"Halyard-{product.slug}.zip")
    headers = {"Content-Disposition": name, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(archive(product), content_type="application/zip", headers=headers)


def not_now(request: HttpRequest, mine: Visit) -> HttpResponse:
    """Why there is nothing to be had: the order is not paid, or no longer."""
    context = {"visit": mine, "order": mine.order}
    return render(request, "shop/no_download.html", context, status=404)
