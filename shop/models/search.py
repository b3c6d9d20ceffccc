"""What the search reads in place of the catalogue. All of it can be made again from that."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from shop.models.products import Product

# Letters. What is longer is no word that anybody mistypes.
LONGEST_WORD = 40


class ProductSearch(models.Model):
    """A product as it is searched, made of its version `source_version`; empty while it is not on
    sale.

    Beside the product and not in it: whoever writes this neither waits for a sale nor raises the
    product's version. Nothing ties the two: a deleted product leaves its row to a job.
    """

    product = models.OneToOneField(
        Product, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    source_version = models.BigIntegerField()
    vector = SearchVectorField()
    words = ArrayField(models.TextField())

    class Meta:
        indexes: ClassVar = [
            # No list of what is still to be entered: readers would have to look through it.
            GinIndex(fields=["vector"], name="product_search_vector", fastupdate=False)
        ]

    def __str__(self) -> str:
        return f"{self.product_id} as of {self.source_version}"


class SearchWord(models.Model):
    """A word as it is written, and how many products have it. Mistyped ones are corrected to it."""

    word = models.CharField(max_length=LONGEST_WORD, primary_key=True)
    products = models.IntegerField()

    class Meta:
        indexes: ClassVar = [
            GinIndex(
                OpClass("word", name="gin_trgm_ops"), name="search_word_trigrams", fastupdate=False
            )
        ]

    def __str__(self) -> str:
        return self.word
