"""What a bucket's answers mean: who has to mend what, and whether its breaker should know.

What it says of us (keys, bucket, clock, region) is an answer: it is well. It is tried again all the
same, as a mail server that refuses us: burying would kill all that waits within a second.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from urllib3.exceptions import HTTPError

from deferral.errors import Bury, Outcome, Retry
from deferral.external.breakers import Call, calling
from deferral.external.http import seconds_asked
from deferral.failure_kinds import TOO_MANY, FailureKind, said
from media.verbs import FILE_STORAGE

KEYS = "it refuses our key: BUCKET_KEY_ID, BUCKET_SECRET and what they may do"
CLOCK = "its clock and ours differ: one of them is wrong"
REGION = "BUCKET_REGION or BUCKET_URL is not the bucket's"
FULL = "it is full"
DAMAGED = "what it was sent arrived damaged"
# By the code in an answer's body (S3's error responses, and those of Ceph and MinIO).
OF_US = {
    "AccessDenied": KEYS,
    "AllAccessDisabled": KEYS,
    "ExpiredToken": KEYS,
    "InvalidAccessKeyId": KEYS,
    "InvalidToken": KEYS,
    "SignatureDoesNotMatch": KEYS,
    "403": KEYS,
    "401": KEYS,
    "NoSuchBucket": "there is no such bucket: BUCKET_NAME",
    "RequestTimeTooSkewed": CLOCK,
    "RequestExpired": CLOCK,
    "AuthorizationHeaderMalformed": REGION,
    "PermanentRedirect": REGION,
    "TemporaryRedirect": REGION,
    "301": REGION,
    "307": REGION,
    "QuotaExceeded": FULL,
    "InsufficientStorage": FULL,
    "XMinioStorageFull": FULL,
    "507": FULL,
    "BadDigest": DAMAGED,
    "XAmzContentSHA256Mismatch": DAMAGED,
    "IncompleteBody": DAMAGED,
    "RequestTimeout": DAMAGED,
}
MISSING = {"NoSuchKey", "404"}
BUSY = {"SlowDown", "TooManyRequests", "RequestLimitExceeded", "Throttling"}


@contextmanager
def asking() -> Iterator[Call]:
    """Around what is asked of the bucket. Retry or Bury; FileNotFoundError for a missing key."""
    with calling(FILE_STORAGE) as call:
        try:
            yield call
        except ClientError as error:
            raise _judged(error, call) from error
        except ParamValidationError as error:
            raise Bury(str(error)[:300], cause=f"{FILE_STORAGE} is asked nonsense") from error
        except (BotoCoreError, HTTPError, ConnectionError, TimeoutError) as error:
            raise _silence(error, call) from error


def shorter(call: Call, name: str, size: int, found: int) -> Retry:
    """It took the file, and has less."""
    cause = f"{FILE_STORAGE} keeps fewer bytes than it is given"
    reason = f"{cause}: {found} of {size} of {name}"
    call.failed(reason, FailureKind.UNABLE)
    return Retry(reason, cause=cause, failure_kind=FailureKind.UNABLE)


def _silence(error: Exception, call: Call) -> Outcome:
    if "Credential" in type(error).__name__:
        call.answered()
        cause = f"{FILE_STORAGE}: there is no key: BUCKET_KEY_ID, BUCKET_SECRET"
        return Retry(cause, failure_kind=FailureKind.UNABLE)
    reason = f"{said(FILE_STORAGE, None)}: {type(error).__name__}"
    call.failed(reason, FailureKind.SILENT)
    return Retry(reason, failure_kind=FailureKind.SILENT)


def _judged(error: ClientError, call: Call) -> Exception:
    code = str(error.response.get("Error", {}).get("Code", ""))
    meta = error.response.get("ResponseMetadata", {})
    status = int(meta.get("HTTPStatusCode", 0))
    if code in MISSING:
        return FileNotFoundError(code)
    if code in BUSY or status == TOO_MANY:
        return _slower(code, meta.get("HTTPHeaders", {}).get("retry-after", ""), call)
    cause = f"{FILE_STORAGE}: {OF_US[code]}" if code in OF_US else said(FILE_STORAGE, status)
    reason = f"{cause} ({code}: {str(error.response.get('Error', {}).get('Message', ''))[:200]})"
    if code in OF_US:
        return Retry(reason, cause=cause, failure_kind=FailureKind.UNABLE)
    if status < 500:
        return Bury(reason, cause=cause)
    call.failed(reason, FailureKind.UNABLE)
    return Retry(reason, cause=cause, failure_kind=FailureKind.UNABLE)


def _slower(code: str, retry_after: str, call: Call) -> Retry:
    after = seconds_asked(retry_after)
    reason = f"{FILE_STORAGE} asks us to slow down ({code})"
    call.busy(reason, seconds=after)
    return Retry(reason, after=after, failure_kind=FailureKind.BUSY)
