"""A bucket of S3, or of whatever speaks like it. Imported where one is set, and nowhere else:
boto3 costs every process some 25 MB.
"""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from storages.backends.s3 import S3Storage

from media.bucket_client import READ, Shared, config_for
from media.bucket_errors import QUICK, asking
from media.bucket_incoming import Incoming
from media.bucket_objects import OF_A_FILE, OF_A_LIST, PART, believed, look_at, write
from media.disk_errors import disk_errors
from media.limits import MOST_BYTES, SLOWEST
from media.verbs import CHUNK, Download, Stored


class BucketStorage(Incoming, S3Storage):  # type: ignore[misc]  # the package has no types
    """See `verbs.Keeper`. Django's own verbs are those of django-storages."""

    def __init__(self, *, public_url: str = "", **options: Any) -> None:
        """`public_url` is where browsers reach it, where that is not where we do."""
        endpoint = options.get("endpoint_url")
        super().__init__(client_config=config_for(endpoint), **options)
        self._shared = Shared(self._create_session)
        self._public = self._at(public_url or endpoint)

    def _at(self, endpoint: str | None, *, read: float = READ) -> dict[str, Any]:
        config = config_for(endpoint, read=read)
        return {"region_name": self.region_name, "endpoint_url": endpoint, "config": config}

    @property
    def connection(self) -> Any:
        """One for all threads: a session of boto3 for each would cost megabytes each."""
        return self._shared.made("resource", **self._at(self.endpoint_url))

    @property
    def client(self) -> Any:
        """May be used by any thread."""
        return self.connection.meta.client

    @property
    def copier(self) -> Any:
        """For a question that is answered when gigabytes are copied; who asks has a deadline."""
        where = self._at(self.endpoint_url, read=QUICK + max(MOST_BYTES.values()) / SLOWEST)
        return self._shared.made("resource", **where).meta.client

    @property
    def signer(self) -> Any:
        """For the address that browsers use: the name of the host is signed, too."""
        return self._shared.made("client", **self._public)

    def look(self, name: str) -> Stored | None:
        """One question; two where there is none."""
        with asking():
            return look_at(self.client, self._known(name))

    def put(self, name: str, content: IO[bytes], *, size: int, sha256: str, anew: bool) -> bool:
        """Written once, by If-None-Match."""
        known = self._known(name)
        with asking(size):
            return write(self.client, known, content, size=size, sha256=sha256, anew=anew)

    def fetch(self, name: str, *, size: int = 0, version: str = "") -> IO[bytes]:
        """Read to its end before anybody gets it: half a file is none. Beyond 8 MB on the disk.

        Of that `version`, where one is said: Retry where another stands there.
        """
        with disk_errors(writing=True):
            spool: Any = tempfile.SpooledTemporaryFile(PART, dir=str(settings.DATA_DIR))  # noqa: SIM115 - the caller closes it
        try:
            with asking(size):
                self._fetch_into(
                    spool, self._known(name) | ({"IfMatch": version} if version else {})
                )
        except BaseException:
            spool.close()
            raise
        spool.seek(0)
        whole: IO[bytes] = spool
        return whole

    def _fetch_into(self, spool: IO[bytes], asked: dict[str, str]) -> None:
        found = believed(self.client.get_object(**asked), OF_A_FILE)
        while chunk := found["Body"].read(CHUNK):
            with disk_errors(writing=True):
                spool.write(chunk)

    def remove(self, name: str) -> None:
        """Or nothing, where there is none."""
        with suppress(FileNotFoundError), asking():
            self.client.delete_object(**self._known(name))

    def names(self, folder: str) -> Iterator[Stored]:
        """A thousand at a time."""
        pages = self.client.get_paginator("list_objects_v2")
        asked = iter(pages.paginate(Bucket=self.bucket_name, Prefix=f"{folder}/"))
        while True:
            with asking():
                page = next(asked, None)
                if page is None:
                    return
                found = believed(page, OF_A_LIST).get("Contents", ())
            for each in found:
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
            with asking():
                known = self._known(each["Key"])
                self.client.abort_multipart_upload(**known, UploadId=each["UploadId"])
        return len(old)

    def address(self, name: str, download: Download) -> str:
        """Signed for this file, this name and this type, without asking anybody."""
        asked = {
            **self._known(name),
            "ResponseContentDisposition": download.disposition,
            "ResponseContentType": download.content_type,
            "ResponseCacheControl": "no-store",
        }
        seconds = max(download.seconds, self.querystring_expire)
        return str(self.signer.generate_presigned_url("get_object", asked, ExpiresIn=seconds))

    def let_read(self, origin: str) -> None:
        """Scripts of pages from there may read what they have an address for, and send what they
        have a form for (CORS), and nobody else's. Other rules of the bucket's are replaced.
        """
        rule = {
            "AllowedOrigins": [origin],
            "AllowedMethods": ["GET", "HEAD", "POST"],
            "AllowedHeaders": ["Range"],
            "ExposeHeaders": ["Content-Disposition", "Content-Length", "Content-Range"],
            "MaxAgeSeconds": 600,
        }
        with asking():
            rules = {"CORSRules": [rule]}
            self.client.put_bucket_cors(Bucket=self.bucket_name, CORSConfiguration=rules)

    def _known(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket_name, "Key": name}
