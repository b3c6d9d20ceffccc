"""A bucket of S3, or of whatever speaks like it. Imported where one is set, and nowhere else:
boto3 costs every process some 60 MB.
"""

import base64
import mimetypes
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from django.conf import settings
from storages.backends.s3 import S3Storage

from media.bucket_client import CONFIG, Shared
from media.bucket_errors import asking, shorter
from media.verbs import CHUNK, Download, Stored

# Above this a file goes in parts, one after the other: memory for one of them.
PART = 8 * CHUNK
IN_PARTS = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART, use_threads=False)


class BucketStorage(S3Storage):  # type: ignore[misc]  # the package has no types
    """See `verbs.Keeper`. Django's own verbs are those of django-storages."""

    def __init__(self, *, public_url: str = "", **options: Any) -> None:
        """`public_url` is where browsers reach it, where that is not where we do."""
        super().__init__(client_config=CONFIG, **options)
        self._shared = Shared(self._create_session)
        self._public = {**self._where(), "endpoint_url": public_url or self.endpoint_url}

    def _where(self) -> dict[str, Any]:
        return {
            "region_name": self.region_name,
            "endpoint_url": self.endpoint_url,
            "config": self.client_config,
        }

    @property
    def connection(self) -> Any:
        """One for all threads: a session of boto3 for each would cost megabytes each."""
        return self._shared.made("resource", **self._where())

    @property
    def client(self) -> Any:
        """May be used by any thread."""
        return self.connection.meta.client

    @property
    def signer(self) -> Any:
        """For the address that browsers use: the name of the host is signed, too."""
        return self._shared.made("client", **self._public)

    def look(self, name: str) -> Stored | None:
        """A HEAD has no words: of what it refuses the list of the bucket says why."""
        with asking():
            return self._look(name)

    def _look(self, name: str) -> Stored | None:
        try:
            found = self.client.head_object(Bucket=self.bucket_name, Key=name)
        except ClientError as error:
            self.client.list_objects_v2(Bucket=self.bucket_name, Prefix=name, MaxKeys=1)
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise
        return Stored(
            name=name,
            size=found["ContentLength"],
            modified_at=found["LastModified"],
            sha256=found["Metadata"].get("sha256", ""),
        )

    def put(self, name: str, content: IO[bytes], *, size: int, sha256: str, anew: bool) -> bool:
        """Written once (If-None-Match), checked by the bucket as it comes in, looked at after."""
        known = {"Bucket": self.bucket_name, "Key": name}
        meta = {"Metadata": {"sha256": sha256}, "ContentType": _kind_of(name)}
        with asking() as call:
            if size > PART:
                written = self._put_in_parts(known, content, meta, anew=anew)
            else:
                written = self._put_whole(known | meta, content, sha256=sha256, anew=anew)
            if written:
                found = self._look(name)
                if found is None or found.size != size:
                    raise shorter(call, name, size, found.size if found else 0)
            return written

    def _put_whole(
        self, known: dict[str, Any], content: IO[bytes], *, sha256: str, anew: bool
    ) -> bool:
        checked = base64.b64encode(bytes.fromhex(sha256)).decode()
        once = {} if anew else {"IfNoneMatch": "*"}
        try:
            self.client.put_object(**known, **once, Body=content, ChecksumSHA256=checked)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 412:
                return False
            raise
        return True

    def _put_in_parts(
        self, known: dict[str, str], content: IO[bytes], meta: dict[str, Any], *, anew: bool
    ) -> bool:
        """boto3 offers no If-None-Match here. Whoever is overtaken writes the same bytes again."""
        if not anew and self._look(known["Key"]):
            return False
        extra = {**meta, "ChecksumAlgorithm": "SHA256"}
        self.client.upload_fileobj(content, *known.values(), ExtraArgs=extra, Config=IN_PARTS)
        return True

    def fetch(self, name: str) -> IO[bytes]:
        """Read to its end before anybody gets it: half a file is none. Beyond 8 MB on the disk."""
        spool: Any = tempfile.SpooledTemporaryFile(PART, dir=str(settings.DATA_DIR))  # noqa: SIM115 - the caller closes it
        try:
            with asking():
                found = self.client.get_object(Bucket=self.bucket_name, Key=name)
                shutil.copyfileobj(found["Body"], spool, CHUNK)
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        whole: IO[bytes] = spool
        return whole

    def remove(self, name: str) -> None:
        """Or nothing, where there is none."""
        with asking():
            self.client.delete_object(Bucket=self.bucket_name, Key=name)

    def names(self, folder: str) -> Iterator[Stored]:
        """A thousand at a time."""
        pages = self.client.get_paginator("list_objects_v2")
        asked = iter(pages.paginate(Bucket=self.bucket_name, Prefix=f"{folder}/"))
        while True:
            with asking():
                page = next(asked, None)
            if page is None:
                return
            for each in page.get("Contents", ()):
                yield Stored(name=each["Key"], size=each["Size"], modified_at=each["LastModified"])

    def remove_remains(self, folder: str, *, before: datetime) -> int:
        """Uploads in parts that nobody finished: they cost money and are in no list of files."""
        with asking():
            pages = self.client.get_paginator("list_multipart_uploads").paginate(
                Bucket=self.bucket_name, Prefix=f"{folder}/"
            )
            found = [each for page in pages for each in page.get("Uploads", ())]
            old = [each for each in found if each["Initiated"] < before]
            for each in old:
                known = {"Key": each["Key"], "UploadId": each["UploadId"]}
                self.client.abort_multipart_upload(Bucket=self.bucket_name, **known)
        return len(old)

    def address(self, name: str, download: Download) -> str:
        """Signed for this file, this name and this type, without asking anybody."""
        asked = {
            "Bucket": self.bucket_name,
            "Key": name,
            "ResponseContentDisposition": download.disposition,
            "ResponseContentType": download.content_type,
            "ResponseCacheControl": "no-store",
        }
        seconds = self.querystring_expire
        return str(self.signer.generate_presigned_url("get_object", asked, ExpiresIn=seconds))


def _kind_of(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
