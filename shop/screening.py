"""A product's film as its page shows it: in the sizes there are by now, once it may be seen.

Of a film that nobody has decided about there are words alone, as long as it is being made; of one
that waits for staff, or is refused, there is nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import get_language_info

from media.addresses import film_address
from media.models import Asset, Variant
from media.telling import are_being_made
from shop.models import Product, ProductFilm

# In which windows a browser loads each size: how wide they are at least, in pixels. A film is as
# wide as its page allows, and may be watched on the whole screen.
WINDOWS = {2160: 2_000, 1080: 1_200, 720: 640}
SHOWN = (Variant.Kind.RENDITION, Variant.Kind.POSTER)
FILES = Prefetch("asset__variants", Variant.objects.filter(kind__in=SHOWN, forgotten_at=None))
FILMS = ProductFilm.objects.select_related("asset").prefetch_related(FILES).defer("captions")
TO_COME = (Asset.Verdict.UNSEEN, Asset.Verdict.OK)


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One size. `media`: for which windows; "" for all."""

    address: str
    media: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Screening:
    """What `<video>` needs. Without `sources` it is being made: there are words, and no more.

    `sources` are the largest first: a browser takes the first that is for its window. `captions`
    is "" where there are none.
    """

    width: int = 0
    height: int = 0
    poster: str = ""
    sources: Sequence[Source] = ()
    captions: str = ""
    language: str = ""

    @property
    def is_upright(self) -> bool:
        """As a telephone is held."""
        return self.height > self.width

    @property
    def smallest(self) -> str:
        """The one that everybody can load."""
        return self.sources[-1].address

    @property
    def language_name(self) -> str:
        """Of its captions, as those call it who speak it."""
        return str(get_language_info(self.language)["name_local"])


def screening_of(product: Product) -> Screening | None:
    """None where there is nothing to say of a film. Two queries; one for what has no film."""
    film = FILMS.filter(product=product).first()
    if film is None:
        return None
    words = {"captions": captions_address(film), "language": film.language}
    if film.asset.verdict == Asset.Verdict.OK and (shown := screening_from(film.asset, **words)):
        return shown
    is_to_come = film.asset.verdict in TO_COME
    uploads = Asset.objects.filter(pk=film.asset_id)
    return Screening() if is_to_come and are_being_made(uploads) else None


def captions_address(film: ProductFilm) -> str:
    """For ever the same words; "" where there are none."""
    which = [film.asset.tag, film.captions_digest]
    return reverse("shop:captions", args=which) if film.captions_digest else ""


def screening_from(asset: Asset, *, captions: str = "", language: str = "") -> Screening | None:
    """Any film as far as it is made; None before it can be watched. Whether it may be, others say.
    Its variants are prefetched: renditions and poster among them.
    """
    files = defaultdict[str, list[Variant]](list)
    for variant in sorted(asset.variants.all(), key=attrgetter("measure"), reverse=True):
        files[variant.kind].append(variant)
    if not files[Variant.Kind.RENDITION]:
        return None
    posters = [film_address(asset.tag, one) for one in files[Variant.Kind.POSTER]]
    return Screening(
        width=asset.width,
        height=asset.height,
        poster=next(iter(posters), ""),
        sources=tuple(_sources(asset.tag, files[Variant.Kind.RENDITION])),
        captions=captions,
        language=language,
    )


def _sources(tag: str, renditions: Sequence[Variant]) -> Iterator[Source]:
    """The smallest that is there is for every window, whichever it is."""
    for one in renditions:
        window = WINDOWS.get(one.measure, 0) if one is not renditions[-1] else 0
        media = f"(min-width: {window}px)" if window else ""
        yield Source(address=film_address(tag, one), media=media)
