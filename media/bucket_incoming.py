"""What a bucket takes from browsers, and how that becomes a file of ours without passing by us."""

import mimetypes
from typing import Any

from media.bucket_errors import WrongAnswer, asking
from media.bucket_objects import OF_A_FILE, believed, look_at

# Of whatever is sent: nobody who opens it there gets a page, or a film.
TYPE = "application/octet-stream"


class Incoming:
    """For a storage of a bucket. See `uploads.direct.Bucket`."""

    bucket_name: str
    client: Any
    copier: Any
    signer: Any

    def form(self, name: str, *, size: int, seconds: int) -> dict[str, Any]:
        """Signed for this name, exactly this size, and one type; without asking anybody."""
        fields = {"Content-Type": TYPE, "success_action_status": "204"}
        conditions = [["content-length-range", size, size], *({k: v} for k, v in fields.items())]
        found: dict[str, Any] = self.signer.generate_presigned_post(
            self.bucket_name, name, Fields=fields, Conditions=conditions, ExpiresIn=seconds
        )
        return found

    def version(self, name: str, *, size: int) -> str:
        """Its ETag. "" of what is not there, or has another size than was signed."""
        known = {"Bucket": self.bucket_name, "Key": name}
        with asking():
            found = look_at(self.client, known)
            if found is None or found.size != size:
                return ""
            return str(believed(self.client.head_object(**known), OF_A_FILE)["ETag"])

    def adopt(self, source: str, version: str, *, name: str, size: int, sha256: str) -> None:
        """Copied by the bucket, with what a file of ours says of itself; looked at afterwards.

        Not where it stands already, and young: of the copy that was asked for before, the answer
        may have been lost.
        """
        known = {"Bucket": self.bucket_name, "Key": name}
        asked = {
            "CopySource": {"Bucket": self.bucket_name, "Key": source},
            "CopySourceIfMatch": version,
            "Metadata": {"sha256": sha256},
            "MetadataDirective": "REPLACE",
            "ContentType": mimetypes.guess_type(name)[0] or TYPE,
        }
        with asking(size):
            found = look_at(self.client, known)
            if found and found.fits(size=size, sha256=sha256) and found.is_young:
                return
            self.copier.copy_object(**known, **asked)
            found = look_at(self.client, known)
            if found is None or not found.fits(size=size, sha256=sha256):
                msg = "keeps another file than it was to copy"
                raise WrongAnswer(msg)
