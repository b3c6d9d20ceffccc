"""Room for what is on its way: counted is what has arrived, and a little of what is to come."""

from typing import TYPE_CHECKING

from django.db.models import Case, F, Sum, When
from django.db.models.functions import Least
from django.utils import timezone

from media.models import Upload
from media.places import BUCKET, current
from media.uploads import local
from media.uploads.ending import UNDER_WAY
from media.uploads.errors import NoSpace, TooManyToday, TooManyUnfinished
from media.uploads.limits import A_DAY, MOST_OF_ONE, MOST_TOGETHER, RESERVED, SPARE
from media.uploads.purposes import Purpose

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

OPEN, WHOLE = Upload.State.OPEN, Upload.State.WHOLE
# What is whole stands in a bucket with all its bytes, of which none came by here.
ARRIVED = Case(When(state=WHOLE, then=F("size")), default=F("received"))
TO_COME = Least(F("size") - F("received"), RESERVED)


def check_room(by: str, size: int) -> None:
    """For one more, of this size and person. TooManyUnfinished, NoSpace."""
    if Upload.objects.filter(state=OPEN, uploaded_by=by).count() >= MOST_OF_ONE:
        raise TooManyUnfinished
    opened = Upload.objects.filter(state=OPEN)
    if _arrived() + _sum(opened, TO_COME) + size > MOST_TOGETHER:
        raise NoSpace
    if current() != BUCKET:
        to_come = _sum(opened.exclude(place=BUCKET), TO_COME)
        if local.space() < to_come + size + SPARE:
            raise NoSpace


def check_day(purpose: Purpose, by: str) -> None:
    """For one more of this person in a day, whatever became of the others: the row of each is kept
    for longer than that. TooManyToday.
    """
    most, since = purpose.limits.a_day, timezone.now() - A_DAY
    found = Upload.objects.filter(purpose=purpose.name, uploaded_by=by, begun_at__gt=since)
    if most and found.count() >= most:
        raise TooManyToday


def check_room_for_a_part() -> None:
    """Before it is read: a size was no promise. Parts that come at once may each pass. NoSpace."""
    if _arrived() > MOST_TOGETHER or local.space() < SPARE:
        raise NoSpace


def _arrived() -> int:
    return _sum(Upload.objects.filter(state__in=UNDER_WAY), ARRIVED)


def _sum(found: "QuerySet[Upload]", what: "Combinable") -> int:
    return found.aggregate(bytes=Sum(what))["bytes"] or 0
