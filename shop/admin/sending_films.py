"""The page from which staff send a film of a product: in parts, over any line."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from media.uploads.pages import upload_form
from shop.film_uploads import PRODUCT_FILM
from shop.models import Product


def send_film(
    model_admin: admin.ModelAdmin[Product], request: HttpRequest, product_id: int
) -> HttpResponse:
    """For who may change the product. A film that is there already is replaced by the new one."""
    product = get_object_or_404(Product, pk=product_id)
    if not model_admin.has_change_permission(request, product):
        raise PermissionDenied
    here = reverse("admin:shop_product_send_film", args=[product.pk])
    subject = str(product.pk)
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": f"Film: {product}",
        "opts": model_admin.opts,
        "row": product,
        "upload": upload_form(request, PRODUCT_FILM, subject=subject, back=here),
    }
    return TemplateResponse(request, "admin/shop/send_film.html", context)
