"""A file sent as a page sends it, by the functions that the views call."""

import io
from zlib import crc32

from django.http import HttpRequest

from deferral.handlers import job
from deferral.models import Job
from media import tasks
from media.models import Asset, Upload
from media.uploads.beginning import begin
from media.uploads.errors import SubjectGone
from media.uploads.parts import append
from media.uploads.purposes import PURPOSES, purpose
from tests.rig.jobs import run_as_a_worker

# What a film's first bytes are; nothing here looks further.
HEAD = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
WHO = "ada@example.org"
GONE = "gone"


def may(_request: HttpRequest, _subject: str) -> bool:
    """Anybody."""
    return True


@purpose("probe", may=may)
def attach(asset: Asset, *, subject: str) -> None:
    """Written down where it commits with the asset, as a product's row does."""
    if subject == GONE:
        raise SubjectGone
    Asset.objects.filter(pk=asset.pk, colour="").update(colour=f"for {subject}")


def attached() -> list[tuple[int, str]]:
    """Which assets, and to what."""
    return list(Asset.objects.filter(colour__startswith="for ").values_list("pk", "colour"))


def content(size: int = 3_000) -> bytes:
    """A film, to whoever looks at its first bytes; no two stretches of it are the same."""
    return (HEAD + b"".join(b"%08d" % number for number in range(size // 8 + 1)))[:size]


def begun(
    size: int = 3_000, *, name: str = "film.mp4", subject: str = "1", by: str = WHO
) -> Upload:
    """An upload of that size."""
    return begin(PURPOSES["probe"], subject=subject, name=name, size=size, by=by)


def send(upload: Upload, whole: bytes, start: int, end: int) -> Upload:
    """One part of it."""
    part = io.BytesIO(whole[start:end])
    return append(upload.tag, part, offset=start, crc=crc32(whole[:end]))


def sent(whole: bytes, **about: str) -> Upload:
    """All of it, in two parts."""
    upload = begun(len(whole), **about)
    send(upload, whole, 0, 1_500)
    return send(upload, whole, 1_500, len(whole))


def finish(upload: Upload) -> Job:
    """The job that looks at it; the upload is as it left it."""
    found = run_as_a_worker(job(tasks.finish_upload, key=upload.key, tag=upload.tag))
    upload.refresh_from_db()
    return found


def waiting_job(upload: Upload, state: str) -> None:
    """The job that looks at it is in that state, and no worker has come to it."""
    spec = job(tasks.finish_upload, key=upload.key, tag=upload.tag)
    facts = {"subject": upload.about, "task": spec.spec.name, "kwargs": spec.kwargs}
    about = {**facts, "queue": spec.spec.queue, "state": state}
    Job.objects.update_or_create(key=upload.key, defaults=about)
