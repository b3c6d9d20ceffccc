"""Where what is public is to be had: an address for each file, which holds its hash."""

from django.urls import reverse

from media.models import Variant

# Letters of the hash.
DIGEST = 16


def picture_address(tag: str, variant: Variant) -> str:
    """`/pictures/7kq2m9xv/640-0123456789abcdef.webp`: for ever the same bytes."""
    named = f"{variant.measure}-{variant.sha256[:DIGEST]}"
    return reverse("media:picture", args=[tag, named, variant.format])


def film_address(tag: str, variant: Variant) -> str:
    """`/films/7kq2m9xv/rendition/480-0123456789abcdef.mp4`: the same of what is made of a film."""
    named = f"{variant.measure}-{variant.sha256[:DIGEST]}"
    return reverse("media:film", args=[tag, variant.kind, named, variant.format])
