"""Reviews, and the files that belong to them. Only this app writes these tables."""

from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from deferral.names import LENGTH, new_tag
from media.models import Asset, Variant
from media.telling import WORTH_SEEING
from orders.models import OrderLine
from shop.models import Product

# Letters. A page of a book has as many.
LONGEST_WORDS, LONGEST_NAME, LONGEST_REASON = 2_000, 60, 500
MOST_STARS = 5
MOST_PHOTOS = 4
# The purpose of the upload by which its film comes.
REVIEW_FILM = "review_film"
NAMELESS = "Somebody who bought it"


class Review(models.Model):
    """What one customer says of one line of an order. Nobody sees it before staff have decided.

    waiting -> shown, refused; shown <-> refused. While it waits its author may change it; they may
    withdraw it at any time, and then nothing of it is left. `version` grows with each change and
    each decision: who acts on a page names the one that the page was made from. `name` is shown;
    "" where its author wants none. `reason` is why it is refused, as its author reads it.

    A line or a product that has one cannot be deleted: its photos would stay, in nobody's name.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waits for a decision"
        SHOWN = "shown"
        REFUSED = "refused"

    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False, unique=True)
    line = models.OneToOneField(OrderLine, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    stars = models.PositiveSmallIntegerField()
    words = models.TextField(max_length=LONGEST_WORDS)
    name = models.CharField(max_length=LONGEST_NAME, blank=True, default="")
    version = models.PositiveIntegerField(default=1, editable=False)
    written_at = models.DateTimeField(db_default=Now())
    decisions = models.PositiveIntegerField(default=0, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stars__gte=1) & Q(stars__lte=MOST_STARS), name="review_has_stars"
            )
        ]
        indexes: ClassVar = [
            # A product's page: how many, how good, the latest.
            models.Index(
                F("product"),
                F("decided_at").desc(),
                include=("stars",),
                condition=Q(state="shown"),
                name="review_shown",
            ),
            # The first page of the admin.
            models.Index(fields=["id"], condition=Q(state="waiting"), name="review_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.stars} of {MOST_STARS}: {self.product}"

    @property
    def subject(self) -> str:
        """What the ledger calls it."""
        return f"review:{self.tag}"

    @property
    def author(self) -> str:
        """Whom the page names."""
        return self.name or NAMELESS

    @property
    def drawn(self) -> str:
        """`★★★★☆`."""
        return "★" * self.stars + "☆" * (MOST_STARS - self.stars)

    def assets(self) -> models.QuerySet[Asset]:
        """The uploads of its photos, and of its film."""
        return Asset.objects.filter(pk__in=ReviewFile.objects.filter(review=self).values("asset"))

    def film(self) -> Asset | None:
        """One, or none."""
        return self.assets().filter(kind=Asset.Kind.FILM).first()

    def to_be_seen(self) -> models.QuerySet[Asset]:
        """Of all those what is made: staff can look at it, and decide about it."""
        made = Variant.objects.filter(asset=OuterRef("pk"), kind__in=WORTH_SEEING)
        return self.assets().filter(Exists(made)).order_by("pk")


class ReviewFile(models.Model):
    """A photo of a review, or its film. Public when the review is shown and staff let it."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="files")
    asset = models.OneToOneField(Asset, models.CASCADE, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.asset.name

    @property
    def is_film(self) -> bool:
        """Not a photo."""
        return self.asset.kind == Asset.Kind.FILM
