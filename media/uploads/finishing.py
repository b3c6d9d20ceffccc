"""An upload that is whole: looked at, filed, and attached to what it was for. By a job."""

from typing import IO

from django.db import transaction

from deferral.crashpoints import crashpoint
from media.accepting import Looked, look
from media.disk_errors import disk_errors
from media.errors import NotAccepted
from media.filing import file_path_away
from media.models import Upload
from media.models.assets import Asset, subject_of
from media.places import BUCKET
from media.services import Original, record_asset
from media.unnamed import delete_unnamed
from media.uploads import direct, local
from media.uploads.ending import close, remove_file
from media.uploads.errors import SubjectGone
from media.uploads.fingerprints import fingerprint
from media.uploads.purposes import PURPOSES

ANOTHER = "What has arrived is another file than the one that was chosen. Send it again."
DAMAGED = "It did not arrive as it was sent. Send it again."


def finish(*, tag: str) -> None:
    """File it and record its asset, once; or refuse it, with a sentence. Retry.

    Safe to repeat, and to kill: it is filed under a name made of its own bytes, and the row of the
    asset commits together with the upload's end.
    """
    upload = Upload.objects.filter(tag=tag, state=Upload.State.WHOLE).first()
    if upload is None:
        return
    filed: list[Original] = []
    try:
        filed.append(_from_bucket(upload) if upload.place == BUCKET else _from_disk(upload))
        crashpoint("upload_filed")
        _record(upload, *filed)
    except (NotAccepted, SubjectGone) as error:
        _refuse(upload, str(error))
    delete_unnamed(one.filed for one in filed)  # refused, or over meanwhile: no row is yet to come
    crashpoint("upload_recorded")
    remove_file(tag)
    if upload.place == BUCKET:
        direct.remove(tag)


def _from_disk(upload: Upload) -> Original:
    """Not copied where it is filed on the same disk: it gets a second name."""
    path = local.path_of(upload.tag)
    try:
        with disk_errors():
            if path.stat().st_size != upload.size or local.crc_of(path) != upload.crc:
                raise NotAccepted(DAMAGED)
            with path.open("rb") as file:
                looked = _look(upload, file)
        filed = file_path_away(
            path, key=subject_of(upload.tag), folder=Asset.folder, suffix=f".{looked.format}"
        )
    except FileNotFoundError:
        raise NotAccepted(DAMAGED) from None
    return Original(tag=upload.tag, name=upload.name, looked=looked, filed=filed)


def _from_bucket(upload: Upload) -> Original:
    with direct.arrived(upload.tag, size=upload.size) as (found, version):
        if found is None:
            raise NotAccepted(DAMAGED)
        looked = _look(upload, found)
        filed = direct.adopt(
            found, version, tag=upload.tag, size=upload.size, suffix=f".{looked.format}"
        )
    return Original(tag=upload.tag, name=upload.name, looked=looked, filed=filed)


def _look(upload: Upload, file: IO[bytes]) -> Looked:
    """NotAccepted, also where it is not the file that was begun."""
    if upload.fingerprint and fingerprint(file, size=upload.size) != upload.fingerprint:
        raise NotAccepted(ANOTHER)
    file.seek(0)
    return look(file, PURPOSES[upload.purpose].kinds)


@transaction.atomic
def _record(upload: Upload, original: Original) -> None:
    whole = Upload.objects.select_for_update().filter(pk=upload.pk, state=Upload.State.WHOLE)
    if not whole.exists():
        return
    purpose = PURPOSES[upload.purpose]
    asset = record_asset(
        original,
        uploaded_by=upload.uploaded_by,
        verdict=purpose.verdict,
        longest=purpose.limits.longest,
    )
    purpose.attach(asset, subject=upload.subject)
    whole.update(state=Upload.State.DONE, asset=asset)


@transaction.atomic
def _refuse(upload: Upload, said: str) -> None:
    for found in Upload.objects.select_for_update().filter(pk=upload.pk, state=Upload.State.WHOLE):
        close(found, Upload.State.REFUSED, said)
