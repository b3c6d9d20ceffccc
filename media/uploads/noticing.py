"""What a bucket has got while the line broke: of two gigabytes nobody sends the same ones again."""

import structlog

from deferral.errors import Outcome
from media.models import Upload
from media.places import BUCKET
from media.uploads import direct
from media.uploads.parts import say_sent

log = structlog.get_logger(__name__)


def noticed(upload: Upload) -> Upload:
    """Whole, where it goes into a bucket that has it, though nobody has said so. The bucket is
    asked once. As it was where it does not answer; Over where it was discarded meanwhile.
    """
    if upload.state != Upload.State.OPEN or upload.place != BUCKET:
        return upload
    try:
        version = direct.version(upload.tag, size=upload.size)
    except Outcome as error:
        log.warning("upload_not_asked_about", tag=upload.tag, reason=str(error))
        return upload
    return say_sent(upload.tag) if version else upload
