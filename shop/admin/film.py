"""The film of a product in the admin: how far it is, its captions, and taking it away."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from deferral.admin.kit.decisions import write_down
from media.admin import choices
from media.progress import Made, made_of, poll
from shop import films
from shop.captions.errors import NotCaptions
from shop.captions.reading import MOST_BYTES, read_captions
from shop.errors import FilmGone
from shop.models import Product, ProductFilm
from shop.screening import captions_address

FILMS = ProductFilm.objects.select_related("asset").defer("captions")
Admin = admin.ModelAdmin[Product]
LANGUAGES = sorted(
    ((code, f"{one['name']} ({code})") for code, one in LANG_INFO.items() if "name" in one),
    key=lambda choice: choice[1],
)
# The one button in whose form there is more than which film is meant.
CAPTION = "caption"


class Captioned(forms.Form):
    """The words of a film, in one language."""

    language = forms.ChoiceField(choices=LANGUAGES)
    captions = forms.FileField(
        label="WebVTT file",
        widget=forms.ClearableFileInput(attrs={"accept": ".vtt,text/vtt"}),
    )

    def __init__(self, film: ProductFilm, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"language": film.language})
        self.film = film

    def clean_captions(self) -> str:
        """What the file says; what is wrong with it is said with its line."""
        content: bytes = self.cleaned_data["captions"].read(MOST_BYTES + 1)
        try:
            return read_captions(content, seconds=self.film.asset.seconds)
        except NotCaptions as error:
            raise forms.ValidationError(str(error)) from error


def film_page(model_admin: Admin, request: HttpRequest, product_id: int) -> HttpResponse:
    """The film on GET; something is done on POST, and the page shown again."""
    product = _product(model_admin, request, product_id)
    film = FILMS.filter(product=product).first()
    form = _form(request, film) if film else None
    if request.method == "POST" and not (form and form.errors):
        _carry_out(model_admin, request, product, form)
        return redirect("admin:shop_product_film", product.pk)
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": f"Film: {product}",
        "opts": model_admin.opts,
        "row": product,
        "film": film,
        "form": form,
        "made": film and _made(request, film),
        "captions": film and captions_address(film),
        "captioned_in": film and dict(LANGUAGES).get(film.language, film.language),
        "is_live": True,
    }
    return TemplateResponse(request, "admin/shop/film.html", context)


def _form(request: HttpRequest, film: ProductFilm) -> Captioned:
    """Filled in where captions are sent."""
    sent = request.POST.get("do") == CAPTION
    return Captioned(film, *((request.POST, request.FILES) if sent else ()))


def film_made(model_admin: Admin, request: HttpRequest, product_id: int) -> HttpResponse:
    """How far it is, for the page that shows it. 403 where a session has ended."""
    if not model_admin.admin_site.has_permission(request):
        raise PermissionDenied
    product = _product(model_admin, request, product_id)
    return poll(request, _made(request, get_object_or_404(FILMS, product=product)))


def _product(model_admin: Admin, request: HttpRequest, product_id: int) -> Product:
    product = get_object_or_404(Product, pk=product_id)
    if not model_admin.has_change_permission(request, product):
        raise PermissionDenied
    return product


def _made(request: HttpRequest, film: ProductFilm) -> Made:
    address = reverse("admin:shop_product_film_made", args=[film.product_id])
    decisions = choices(request, film.asset)
    return made_of(request, film.asset, address=address, choices=decisions)


def _carry_out(
    model_admin: Admin, request: HttpRequest, product: Product, form: Captioned | None
) -> None:
    """What is done is written down, and said. `film` is the one that the page has shown."""
    said = form.cleaned_data if form and form.is_bound else {}
    try:
        service, told = VERBS.get(request.POST.get("do", ""), (_nothing, ""))
        service(film_id=_meant(request, form), **said)
    except FilmGone as error:
        model_admin.message_user(request, str(error), messages.ERROR)
    else:
        told = f"{told}: {form and form.film}"
        write_down(model_admin, request, product, told, subject=f"product:{product.sku}")
        model_admin.message_user(request, told, messages.SUCCESS)


def _meant(request: HttpRequest, form: Captioned | None) -> int:
    """FilmGone where the page has shown another one than there is now."""
    if form is None or request.POST.get("film") != str(form.film.pk):
        raise FilmGone
    return form.film.pk


def _nothing(*, film_id: int) -> None:
    """What no button of the page asks for."""
    raise FilmGone


Verb = tuple[Callable[..., None], str]
VERBS: dict[str, Verb] = {
    CAPTION: (films.caption_film, "Captions kept"),
    "uncaption": (films.uncaption_film, "Captions taken away"),
    "remove": (films.remove_film, "Film removed"),
}
