"""One file of a bucket: looked at, and written once. What the bucket answers is not just believed.

Called inside of `asking`: these raise what boto3 does, and WrongAnswer.
"""

import base64
import mimetypes
from collections.abc import Mapping
from typing import IO, Any

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from media.bucket_errors import NO_BUCKET, WrongAnswer
from media.verbs import CHUNK, Stored

# Above this a file goes in parts, one after the other: memory for one of them.
PART = 8 * CHUNK
IN_PARTS = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, use_threads=False)
# What S3 says with every file, and with every list of files. A proxy's page of errors does not.
OF_A_FILE, OF_A_LIST = {"ETag", "LastModified", "ContentLength"}, {"Name", "IsTruncated"}


def believed(answer: Mapping[str, Any], needed: set[str]) -> Mapping[str, Any]:
    """The answer, if it is a bucket's."""
    if needed - answer.keys():
        raise WrongAnswer(NO_BUCKET)
    return answer


def look_at(client: Any, known: Mapping[str, str]) -> Stored | None:
    """A HEAD has no words: of what it refuses the list of the bucket says why."""
    try:
        found = believed(client.head_object(**known), OF_A_FILE)
    except ClientError as error:
        bucket, name = known["Bucket"], known["Key"]
        believed(client.list_objects_v2(Bucket=bucket, Prefix=name, MaxKeys=1), OF_A_LIST)
        if _status(error) == 404:
            return None
        raise
    return Stored(
        name=known["Key"],
        size=found["ContentLength"],
        modified_at=found["LastModified"],
        sha256=found.get("Metadata", {}).get("sha256", ""),
    )


def write(
    client: Any, known: dict[str, str], content: IO[bytes], *, size: int, sha256: str, anew: bool
) -> bool:
    """Written, checked by the bucket as it comes in, and looked at after. False: it was there."""
    extra = {"Metadata": {"sha256": sha256}, "ContentType": _kind_of(known["Key"])}
    if size <= PART:
        written = _whole(client, known | extra, content, sha256=sha256, anew=anew)
    else:
        written = _in_parts(client, known, content, extra, anew=anew)
    if written:
        found = look_at(client, known)
        if found is None or not found.fits(size=size, sha256=sha256):
            kept = found.size if found else 0
            msg = f"keeps another file than it is given: {kept} of {size} bytes"
            raise WrongAnswer(msg)
    return written


def _whole(
    client: Any, asked: dict[str, Any], content: IO[bytes], *, sha256: str, anew: bool
) -> bool:
    ours = base64.b64encode(bytes.fromhex(sha256)).decode()
    once = {} if anew else {"IfNoneMatch": "*"}
    try:
        answer = client.put_object(**asked, **once, Body=content, ChecksumSHA256=ours)
    except ClientError as error:
        if _status(error) == 412:
            return False
        raise
    if answer.get("ChecksumSHA256", ours) != ours:
        raise WrongAnswer("keeps another file than it is given: its sha256 differs")
    return True


def _in_parts(
    client: Any, known: dict[str, str], content: IO[bytes], extra: dict[str, Any], *, anew: bool
) -> bool:
    """boto3 offers no If-None-Match here. Whoever is overtaken writes the same bytes again."""
    if not anew and look_at(client, known):
        return False
    extra = {**extra, "ChecksumAlgorithm": "SHA256"}
    client.upload_fileobj(content, *known.values(), ExtraArgs=extra, Config=IN_PARTS)
    return True


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])


def _kind_of(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
