"""The forty products a new shop starts with, from `catalogue.json`."""

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.models import Product

CATALOGUE = Path(__file__).with_name("catalogue.json")


@transaction.atomic
def seed_catalogue() -> list[Product]:
    """Create the products that are missing, and return them. What exists stays as it is."""
    records = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    known = {sku.lower() for sku in Product.objects.values_list("sku", flat=True)}
    today = timezone.localtime()
    missing = [
        product_from(record, today) for record in records if record["sku"].lower() not in known
    ]
    return Product.objects.bulk_create(missing, ignore_conflicts=True)


def product_from(record: dict[str, Any], now: datetime) -> Product:
    """A catalogue record as a product. Events lie a number of weeks ahead, so that none is over."""
    fields = dict(record)
    when = fields.pop("when", None)
    return Product(**fields, event_at=event_time(now, **when) if when else None)


def event_time(now: datetime, *, weeks: int, weekday: int, clock: str) -> datetime:
    """`weeks` after this week's Monday, on `weekday` (0 is Monday), at local wall-clock time."""
    day = now.date() + timedelta(days=7 * weeks + weekday - now.weekday())
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=now.tzinfo)
