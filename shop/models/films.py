"""Which film a product has, and the words that are shown with it."""

import hashlib
from typing import ClassVar

from django.db import models

from media.addresses import DIGEST
from media.models import Asset
from shop.models.products import Product


class ProductFilm(models.Model):
    """The film of a product: one, or none.

    `captions` is a WebVTT file that was checked (`shop.captions`); "" where there are none.
    `language` is theirs. A film that goes takes its asset along, and a product its film:
    `shop.films`.
    """

    product = models.OneToOneField(Product, models.CASCADE, related_name="film")
    asset = models.OneToOneField(Asset, models.CASCADE, related_name="+")
    captions = models.TextField(blank=True, default="")
    language = models.CharField(max_length=12, default="en")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.asset.name

    @property
    def digest(self) -> str:
        """Of its captions: part of their address, so that other words have another one."""
        return hashlib.sha256(self.captions.encode()).hexdigest()[:DIGEST]
