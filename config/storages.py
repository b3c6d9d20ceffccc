"""Where files may stand: on the disk of DATA_DIR, in a bucket, or in a storage class of yours.

MEDIA_STORAGE says where new ones go: `local`, `s3`, or a class. Each that is set up is read from,
so that files can move while the shop sells. Nothing of S3 is imported here.
"""

import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from config.environment import env

LOCAL, BUCKET, OWN = "local", "s3", "own"
BACKENDS = {LOCAL: "media.storage.WholeFileStorage", BUCKET: "media.bucket.BucketStorage"}
# Seconds for which an address that we have signed opens a file.
LINK_SECONDS = 60
# Of S3's rules for names (Bucket naming rules, general purpose).
NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
REGION = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Bucket:
    """As the variables say it, complete or not: `config.contradictions.files` looks at that."""

    name: str
    endpoint: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    public_url: str

    def options(self) -> dict[str, Any]:
        """What `media.bucket.BucketStorage` takes."""
        return {
            "bucket_name": self.name,
            "endpoint_url": self.endpoint or None,
            "region_name": self.region or None,
            "access_key": self.access_key or None,
            "secret_key": self.secret_key or None,
            "public_url": self.public_url,
            "default_acl": None,
            "querystring_expire": LINK_SECONDS,
        }


def bucket() -> Bucket:
    """As the environment has it now."""
    return Bucket(
        name=env.checked("BUCKET_NAME", default="", fits=NAME.fullmatch, what="a bucket's name"),
        endpoint=env.address("BUCKET_URL", default=""),
        region=env.checked(
            "BUCKET_REGION", default="", fits=REGION.fullmatch, what="a region such as eu-central-1"
        ),
        access_key=env("BUCKET_KEY_ID", default=""),
        secret_key=env("BUCKET_SECRET", default=""),
        public_url=env.address("BUCKET_PUBLIC_URL", default=""),
    )


def storages(bucket: Bucket) -> tuple[str, dict[str, Any]]:
    """Which of them new files go to, and Django's STORAGES."""
    said = env.checked(
        "MEDIA_STORAGE",
        default=LOCAL,
        fits=lambda name: name in BACKENDS or find_spec(name.rpartition(".")[0]),
        what="local, s3, or a storage class that is installed",
    )
    found: dict[str, Any] = {LOCAL: {"BACKEND": BACKENDS[LOCAL]}}
    if bucket.name:
        found[BUCKET] = {"BACKEND": BACKENDS[BUCKET], "OPTIONS": bucket.options()}
    place = {backend: name for name, backend in BACKENDS.items()}.get(said, said)
    if place not in BACKENDS:
        place, found[OWN] = OWN, {"BACKEND": said}
    found["default"] = found.get(place, found[LOCAL])
    # `collectstatic` packs what is text; WhiteNoise sends that to whoever unpacks it.
    found["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"}
    return place, found


def bucket_origin(bucket: Bucket) -> str:
    """Where a browser is sent for a file, for the policies that name origins. "" without a bucket.

    Amazon's buckets have a host each, but for a dot in their names, which no certificate covers; of
    others it is the address that is set. What boto3 signs for is the same (a test compares them).
    """
    if not bucket.name:
        return ""
    given = bucket.public_url or bucket.endpoint
    if given:
        parts = urlsplit(given)
        return f"{parts.scheme}://{parts.netloc}"
    is_whole = "." in bucket.name
    where = "s3" if bucket.region == "us-east-1" else f"s3.{bucket.region}"
    china = ".cn" if bucket.region.startswith("cn-") else ""
    return f"https://{'' if is_whole else bucket.name + '.'}{where}.amazonaws.com{china}"
