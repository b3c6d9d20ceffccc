"""An upload begins, or goes on: the same person, purpose and file are the same upload."""

from django.db import connection, transaction
from django.db.models import F, Sum

from media.limits import MOST_BYTES
from media.models import Upload
from media.pictures.opening import in_megabytes
from media.places import BUCKET, current
from media.services import tidy_name
from media.uploads import local
from media.uploads.ending import close
from media.uploads.errors import Nonsense, NoSpace, TooLarge, TooManyUnfinished
from media.uploads.limits import MOST_OF_ONE, MOST_TOGETHER, SPARE
from media.uploads.purposes import Purpose

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('media.uploads', 0))"
OPEN = Upload.State.OPEN
UNDER_WAY = (Upload.State.OPEN, Upload.State.WHOLE)


@transaction.atomic
def begin(
    purpose: Purpose, *, subject: str, name: str, size: int, by: str, anew: bool = False
) -> Upload:
    """Room for it; or the one that is begun already, be it whole, unless `anew`: that is discarded
    then. Safe to repeat: the same file is attached once. TooLarge, TooManyUnfinished, NoSpace.
    """
    check_size(purpose, size)
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    facts = {
        "purpose": purpose.name,
        "subject": subject,
        "uploaded_by": by,
        "name": tidy_name(name),
        "size": size,
    }
    begun = Upload.objects.select_for_update().filter(state__in=UNDER_WAY, **facts).first()
    if begun and not anew and _goes_on(begun):
        return begun
    if begun:
        close(begun, Upload.State.CANCELLED)
    _check_room(by, size)
    return Upload.objects.create(place=current(), **facts)


def _goes_on(begun: Upload) -> bool:
    """Its parts would go elsewhere today. What is whole needs none."""
    return begun.state == Upload.State.WHOLE or begun.place == current()


def check_size(purpose: Purpose, size: int) -> None:
    """Before a byte of it is sent."""
    if size <= 0:
        raise Nonsense("This file is empty.")
    if size > purpose.most:
        kind = max(purpose.kinds, key=MOST_BYTES.__getitem__)
        msg = f"It has {in_megabytes(size)}. A {kind} may have {in_megabytes(purpose.most)}."
        raise TooLarge(msg)


def _check_room(by: str, size: int) -> None:
    if Upload.objects.filter(state=OPEN, uploaded_by=by).count() >= MOST_OF_ONE:
        raise TooManyUnfinished
    on_their_way = Upload.objects.filter(state__in=UNDER_WAY)
    taken = on_their_way.aggregate(bytes=Sum("size"))["bytes"] or 0
    if taken + size > MOST_TOGETHER:
        raise NoSpace
    if current() != BUCKET:
        here = Upload.objects.filter(state=OPEN).exclude(place=BUCKET)
        to_come = here.aggregate(bytes=Sum(F("size") - F("received")))["bytes"] or 0
        if local.space() < to_come + size + SPARE:
            raise NoSpace
