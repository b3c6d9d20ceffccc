"""What is sold, and how much of it there is."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_format

from orders.amounts import MOST_CENTS
from shop.models.announcing import Announced
from shop.models.selling import NOT_A_SKU, ON_SALE, SKU, TAKEN, TOO_DEAR, WHOLE, hindrances

# More than any store holds, and far from where PostgreSQL's integers end.
MOST_IN_STOCK = 1_000_000
# Letters. The search reads no more of it, and no page is made for more.
LONGEST_DESCRIPTION = 10_000


class Product(Announced):
    """One thing in the catalogue. `available` is what may still be reserved; NULL: never runs out.

    Prices are integer cents, tax included. The artwork is drawn from its three `art_` fields.
    """

    class Category(models.TextChoices):
        PRINT = "print", "Prints"
        HOME = "home", "Home"
        TICKET = "ticket", "Tickets"
        DOWNLOAD = "download", "Downloads"

    class Supplier(models.TextChoices):
        PRINT_ROOM = "print_room", "Print room"
        WAREHOUSE = "warehouse", "Warehouse"
        BOX_OFFICE = "box_office", "Box office"

    SHIPPED: ClassVar = (Category.PRINT, Category.HOME)
    # How many of one product fit into a cart: a whole choir may come, nobody needs two downloads.
    LIMITS: ClassVar = {
        Category.PRINT: 20,
        Category.HOME: 20,
        Category.TICKET: 200,
        Category.DOWNLOAD: 1,
    }
    # From here on the page says how many are left.
    SCARCE: ClassVar = 12

    sku = models.CharField(max_length=40, unique=True, validators=[RegexValidator(SKU, NOT_A_SKU)])
    slug = models.SlugField(max_length=60, unique=True)
    category = models.CharField(max_length=10, choices=Category)
    title = models.CharField(max_length=200)
    subtitle = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True, max_length=LONGEST_DESCRIPTION)
    price_cents = models.PositiveIntegerField(
        validators=[MaxValueValidator(MOST_CENTS, TOO_DEAR)],
        help_text="In cents, tax included: 2450 is €24.50, 0 is free of charge.",
    )
    tax_basis_points = models.PositiveIntegerField(
        default=1900,
        validators=[MaxValueValidator(WHOLE, "At most 10,000, which is all of it.")],
        help_text="Hundredths of a per cent: 1900 is 19 %.",
    )
    supplier = models.CharField(max_length=20, choices=Supplier, blank=True)
    available = models.IntegerField(
        null=True,
        blank=True,
        validators=[
            MinValueValidator(0, "There cannot be less than nothing."),
            MaxValueValidator(MOST_IN_STOCK, f"At most {MOST_IN_STOCK:,}; empty: never runs out."),
        ],
    )
    on_sale = models.BooleanField(default=True)
    event_at = models.DateTimeField(null=True, blank=True)
    venue = models.CharField(max_length=100, blank=True)
    position = models.PositiveIntegerField(default=1000)
    art_seed = models.PositiveIntegerField(default=1)
    art_motif = models.CharField(max_length=20, default="waves")
    art_object = models.CharField(max_length=20, default="poster")

    class Meta(Announced.Meta):
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(available__isnull=True) | Q(available__gte=0),
                name="product_never_oversold",
            ),
            # They are read out over the telephone.
            models.UniqueConstraint(
                Lower("sku"), name="product_sku_whatever_its_case", violation_error_message=TAKEN
            ),
            *ON_SALE,
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The product's page."""
        return reverse("shop:product", args=[self.slug])

    def clean(self) -> None:
        """ValidationError by field for what is on sale and cannot be sold."""
        if self.on_sale and (found := hindrances(self)):
            raise ValidationError(found)

    @property
    def occasion(self) -> str:
        """When and where, for a ticket: `Sat 12 Dec 2026, 19:00 · North Pier`. Else empty."""
        if self.event_at is None:
            return ""
        when = date_format(timezone.localtime(self.event_at), "D j M Y, H:i")
        return f"{when} · {self.venue}" if self.venue else when

    @property
    def detail(self) -> str:
        """The second line: of the catalogue, of the order, of the receipt."""
        return self.occasion or self.subtitle

    @property
    def is_shipped(self) -> bool:
        """Whether somebody has to carry it to an address."""
        return self.category in self.SHIPPED

    @property
    def section(self) -> str:
        """Where in the shop it stands, as the page's head has it."""
        own = self.category in {self.Category.TICKET, self.Category.DOWNLOAD}
        return str(self.category) if own else "goods"

    @property
    def is_over(self) -> bool:
        """Whether its evening has begun."""
        return self.event_at is not None and self.event_at <= timezone.now()

    @property
    def most(self) -> int:
        """How many one cart may hold of it now; 0 when it cannot be bought."""
        if not self.on_sale or self.is_over:
            return 0
        limit = int(self.LIMITS[self.Category(self.category)])
        return limit if self.available is None else max(0, min(limit, self.available))

    @property
    def stock_note(self) -> str:
        """What the page says about its stock. Empty while there is plenty."""
        if self.is_over:
            return "This evening is over"
        if self.most == 0:
            return "Sold out"
        if self.available is None or self.available > self.SCARCE:
            return ""
        seats = "seats " if self.category == self.Category.TICKET else ""
        return f"Only {self.available} {seats}left"
