"""Where files go, and what a bucket needs."""

from django.conf import settings
from django.utils.module_loading import import_string

from config.contradictions.rules import rule
from config.storages import BUCKET


@rule
def storage_is_missing() -> bool:
    """MEDIA_STORAGE names no class that can be imported."""
    try:
        import_string(settings.STORAGES["default"]["BACKEND"])
    except ImportError:
        return True
    return False


@rule
def files_have_no_bucket() -> bool:
    """MEDIA_STORAGE is s3, and BUCKET_NAME is not set: no file could be written."""
    return settings.MEDIA_PLACE == BUCKET and not settings.BUCKET.name


@rule
def bucket_has_half_a_key() -> bool:
    """BUCKET_KEY_ID and BUCKET_SECRET are one key: set both, or neither where the machine has a
    role.
    """
    return bool(settings.BUCKET.access_key) != bool(settings.BUCKET.secret_key)


@rule
def bucket_has_no_key() -> bool:
    """BUCKET_URL is not Amazon's, so that BUCKET_KEY_ID and BUCKET_SECRET must be set: no role
    of a machine opens it.
    """
    bucket = settings.BUCKET
    elsewhere = bucket.endpoint and not bucket.endpoint.endswith(".amazonaws.com")
    return bool(bucket.name and elsewhere) and not (bucket.access_key or bucket.secret_key)


@rule
def bucket_is_not_named() -> bool:
    """BUCKET_URL, BUCKET_REGION, BUCKET_PUBLIC_URL, BUCKET_KEY_ID and BUCKET_SECRET mean nothing
    without BUCKET_NAME.
    """
    bucket = settings.BUCKET
    given = bucket.endpoint, bucket.region, bucket.public_url, bucket.access_key, bucket.secret_key
    return any(given) and not bucket.name and settings.MEDIA_PLACE != BUCKET


@rule
def bucket_is_nowhere() -> bool:
    """BUCKET_NAME needs BUCKET_REGION at Amazon, or BUCKET_URL elsewhere: no request could be
    signed.
    """
    bucket = settings.BUCKET
    return bool(bucket.name) and not (bucket.region or bucket.endpoint)
