"""Which pictures a product has, and in which order."""

from typing import ClassVar

from django.db import models

from media.models import Asset
from shop.models.products import Product

# Far more than anybody looks at.
MOST_PICTURES = 20


class ProductPicture(models.Model):
    """A picture of a product. The first is the one of the catalogue.

    `alternative` is what it shows, for those who do not see it; "" where the product's title says
    enough. A picture that goes takes its asset along, and a product its pictures: `shop.gallery`.
    """

    product = models.ForeignKey(Product, models.CASCADE, related_name="pictures")
    asset = models.OneToOneField(Asset, models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    alternative = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return self.asset.name

    @property
    def words(self) -> str:
        """What stands in its place where it is not seen."""
        return self.alternative or self.product.title
