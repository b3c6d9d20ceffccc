"""An upload begins, or goes on: the same person, purpose and file are the same upload."""

from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from media.limits import MOST_BYTES
from media.models import Upload
from media.pictures.opening import in_megabytes
from media.places import current
from media.services import tidy_name
from media.uploads.ending import UNDER_WAY, close
from media.uploads.errors import AnotherWasBegun, Nonsense, TooLarge
from media.uploads.purposes import Purpose
from media.uploads.room import check_day, check_room
from media.uploads.waiting import is_discarded

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('media.uploads', 0))"


@transaction.atomic
def begin(
    purpose: Purpose,
    *,
    subject: str,
    name: str,
    size: int,
    by: str,
    fingerprint: str = "",
    anew: bool = False,
) -> Upload:
    """Room for it; or the one that is begun already, be it whole, unless `anew`: that is discarded
    then. Safe to repeat: the same file is attached once. AnotherWasBegun where that has another
    fingerprint; TooLarge, TooManyUnfinished, TooManyToday, NoSpace.
    """
    check_size(purpose, size)
    facts = {
        "purpose": purpose.name,
        "subject": subject,
        "uploaded_by": by,
        "name": tidy_name(name),
        "size": size,
    }
    under_way = Upload.objects.filter(state__in=UNDER_WAY, **facts)
    begun = under_way.select_for_update().first()
    if begun and not anew and _goes_on(begun):
        return _the_same(begun, fingerprint)
    if begun:
        close(begun, Upload.State.CANCELLED)
    return _created(purpose, under_way, facts, fingerprint)


def _the_same(begun: Upload, fingerprint: str) -> Upload:
    """AnotherWasBegun. A page of an older version says nothing of its file."""
    if fingerprint and begun.fingerprint and begun.fingerprint != fingerprint:
        raise AnotherWasBegun
    return begun


def _created(
    purpose: Purpose, under_way: QuerySet[Upload], facts: dict[str, Any], fingerprint: str
) -> Upload:
    """One at a time in the whole shop: so nothing in here waits for a row, which a slow part may
    hold. What another tab has begun in this moment is the same upload.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    if meanwhile := under_way.first():
        return _the_same(meanwhile, fingerprint)
    check_room(facts["uploaded_by"], facts["size"])
    check_day(purpose, facts["uploaded_by"])
    return Upload.objects.create(place=current(), fingerprint=fingerprint, **facts)


def _goes_on(begun: Upload) -> bool:
    """Not where its parts would go elsewhere today, nor where staff have discarded its job."""
    if begun.state == Upload.State.WHOLE:
        return not is_discarded(begun)
    return begun.place == current()


def check_size(purpose: Purpose, size: int) -> None:
    """Before a byte of it is sent."""
    if size <= 0:
        raise Nonsense("This file is empty.")
    if size > purpose.most:
        kind = max(purpose.kinds, key=MOST_BYTES.__getitem__)
        msg = f"It has {in_megabytes(size)}. A {kind} may have {in_megabytes(purpose.most)}."
        raise TooLarge(msg)
