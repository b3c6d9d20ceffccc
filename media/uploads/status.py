"""How an upload is, as a page's script reads it."""

from typing import Any

from django.urls import reverse

from media.large_bodies import with_room
from media.models import Upload
from media.places import BUCKET
from media.uploads import direct
from media.uploads.limits import PART
from media.uploads.waiting import is_given_up

GIVEN_UP = "It could not be looked at. Staff have been told; nothing of it is lost."


def status(upload: Upload, query: str = "") -> dict[str, Any]:
    """What a sender needs to go on, and nothing that is not theirs. `query` lets them in. Retry."""
    found: dict[str, Any] = {
        "state": upload.state,
        "received": upload.received,
        "crc": upload.crc,
        "size": upload.size,
        "said": said_of(upload),
        "at": reverse("media:upload", args=[upload.tag]) + query,
        "cancel": reverse("media:upload_cancel", args=[upload.tag]) + query,
    }
    if upload.state != Upload.State.OPEN:
        return found
    if upload.place == BUCKET:
        sent = reverse("media:upload_sent", args=[upload.tag]) + query
        return found | {"form": direct.form(upload.tag, size=upload.size), "sent": sent}
    send_to = with_room(reverse("media:upload", args=[upload.tag])) + more(query)
    return found | {"part": PART, "send_to": send_to}


def more(query: str) -> str:
    """It, behind another one."""
    return query.replace("?", "&", 1)


def said_of(upload: Upload) -> str:
    """Why it came to nothing, or to nothing yet; "" where there is nothing to say."""
    if upload.state != Upload.State.WHOLE:
        return upload.said
    return GIVEN_UP if is_given_up(upload) else ""
