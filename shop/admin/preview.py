"""The page of a product as customers will see it, for staff alone, before it is on sale."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from shop.additions import sections_of
from shop.models import Product, hindrances
from shop.warm.pages import beside_now


def preview(
    model_admin: admin.ModelAdmin[Product], request: HttpRequest, product_id: int
) -> HttpResponse:
    """As it was last saved. For who may see products; nothing in it can be bought, or is kept."""
    product = get_object_or_404(Product, pk=product_id)
    if not model_admin.has_view_permission(request, product):
        raise PermissionDenied
    was_on_sale, product.on_sale = product.on_sale, True
    context = {
        "product": product,
        **beside_now(product),
        "section": product.section,
        "sections": sections_of(product),
        "is_preview": True,
        "was_on_sale": was_on_sale,
        "missing": list(hindrances(product).values()),
        "back": reverse("admin:shop_product_change", args=[product.pk]),
    }
    return TemplateResponse(request, "shop/product.html", context)
