"""Can files be written and read? One line for each storage in `manage.py doctor`; and for films."""

import hashlib
import io
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from deferral.errors import Outcome
from deferral.health import Finding, health_check
from media import places
from media.filing import name_of
from media.films.health import check_films
from media.tables import TRIALS
from media.verbs import Keeper
from media.visiting import NotHandedOut, visit

__all__ = ["check_files", "check_films"]

CONTENT = b"a trial of the doctor's"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@health_check
def check_files() -> Iterable[Finding]:
    """Where new files go: a trial is written, read and deleted. Elsewhere one is looked for."""
    for where in places.names():
        is_current = where == places.current()
        try:
            keeper = places.place(where)
            told = _try(keeper) if is_current else _look(keeper)
        except (Outcome, FileNotFoundError, NotHandedOut) as error:
            yield Finding(name=f"files {where}", well=False, detail=f"{about(where)}: {error}")
        else:
            yield Finding(name=f"files {where}", well=True, detail=f"{about(where)} {told}")


def about(where: str) -> str:
    """Which disk or bucket that is."""
    if where == "s3":
        return f"bucket {settings.BUCKET.name} at {settings.FILES_ORIGIN}"
    if where != "local":
        return str(settings.STORAGES[where]["BACKEND"])
    folder = Path(settings.MEDIA_ROOT)
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return f"{folder} ({shutil.disk_usage(there).free / 10**9:.1f} GB free)"


def _trial() -> str:
    """A name as others have, so that the sweep takes what a killed doctor leaves."""
    return name_of(SHA256, key=f"doctor:{secrets.token_hex(8)}", folder=TRIALS, suffix="")


def _look(keeper: Keeper) -> str:
    keeper.look(_trial())
    return "is read from"


def _try(keeper: Keeper) -> str:
    """FileNotFoundError where what was written cannot be read as it was. NotHandedOut."""
    name = _trial()
    keeper.put(name, io.BytesIO(CONTENT), size=len(CONTENT), sha256=SHA256, anew=False)
    try:
        with keeper.fetch(name) as stream:
            if stream.read() != CONTENT:
                msg = "it reads back other bytes than were written"
                raise FileNotFoundError(msg)
        return "; ".join(filter(None, ["takes new files", visit(keeper, name, CONTENT)]))
    finally:
        keeper.remove(name)
