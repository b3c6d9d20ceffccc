"""Which film a product has, and the words that are shown with it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import MD5, Left

from media.addresses import DIGEST
from media.models import Asset
from shop.models.products import Product

# "" where there are none.
OF_CAPTIONS = models.Case(
    models.When(captions="", then=models.Value("")), default=Left(MD5("captions"), DIGEST)
)


class ProductFilm(models.Model):
    """The film of a product: one, or none.

    `captions` is a WebVTT file that was checked (`shop.captions`); "" where there are none.
    `captions_digest` is reckoned by PostgreSQL with each change of them, and part of their address,
    so that other words have another one: a page that links to them need not read them.
    `language` is theirs. A film that goes takes its asset along, and a product its film:
    `shop.films`.
    """

    product = models.OneToOneField(Product, models.CASCADE, related_name="film")
    asset = models.OneToOneField(Asset, models.CASCADE, related_name="+")
    captions = models.TextField(blank=True, default="")
    captions_digest = models.GeneratedField(
        expression=OF_CAPTIONS, output_field=models.CharField(max_length=DIGEST), db_persist=True
    )
    language = models.CharField(max_length=12, default="en")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.asset.name
