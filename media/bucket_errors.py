"""What a bucket's answers mean: who has to mend what, and whether its breaker should know.

What it says of us (keys, bucket, clock, region) is an answer: it is well. It is tried again all the
same, as a mail server that refuses us: burying would kill all that waits within a second.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from deferral.errors import Bury, Retry
from deferral.external.breakers import Call, calling
from deferral.external.deadlines import deadline
from deferral.external.http import seconds_asked
from deferral.failure_kinds import TOO_MANY, FailureKind, said
from media.limits import SLOWEST
from media.verbs import FILE_STORAGE

# Seconds for a question; a file has more, see SLOWEST.
QUICK = 20.0
KEYS = "it refuses our key: BUCKET_KEY_ID, BUCKET_SECRET and what they may do"
NOWHERE = "there is no such bucket: BUCKET_NAME, BUCKET_URL"
CLOCK = "its clock and ours differ: one of them is wrong"
REGION = "BUCKET_REGION or BUCKET_URL is not the bucket's"
FULL = "it is full"
DAMAGED = "what it was sent arrived damaged"
CROWDED = "somebody else writes there at this moment"
UNABLE = "it does not know what is asked of it, such as If-None-Match"
NO_BUCKET = "answers what no bucket does"
# By the code in an answer's body (S3's error responses, and those of Ceph and MinIO), where that
# says more than the status.
BY_CODE = {
    "ExpiredToken": KEYS,
    "InvalidToken": KEYS,
    "InvalidBucketName": NOWHERE,
    "RequestTimeTooSkewed": CLOCK,
    "RequestExpired": CLOCK,
    "AuthorizationHeaderMalformed": REGION,
    "IllegalLocationConstraintException": REGION,
    "QuotaExceeded": FULL,
    "XMinioStorageFull": FULL,
    "BadDigest": DAMAGED,
    "XAmzContentSHA256Mismatch": DAMAGED,
    "IncompleteBody": DAMAGED,
    "RequestTimeout": DAMAGED,
    "NoSuchUpload": CROWDED,
}
BY_STATUS = {
    **dict.fromkeys((301, 302, 307, 308), REGION),
    **dict.fromkeys((401, 403), KEYS),
    404: NOWHERE,
    408: DAMAGED,
    409: CROWDED,
    412: CROWDED,
    501: UNABLE,
    507: FULL,
}
MISSING = "NoSuchKey"
BUSY = {"SlowDown", "TooManyRequests", "RequestLimitExceeded", "Throttling"}


class WrongAnswer(Exception):
    """It says that all went well, and shows that it did not, or that it is no bucket."""


# All that boto3 and what is under it raise, and what we find wrong ourselves.
RAISED = (
    ClientError,
    BotoCoreError,  # ParamValidationError is one
    ResponseParserError,
    WrongAnswer,
    HTTPError,
    ConnectionError,
    TimeoutError,
)


@contextmanager
def asking(size: int = 0) -> Iterator[None]:
    """Around what is asked of the bucket, `size` bytes on their way among it: cut off when it takes
    too long. Retry or Bury; FileNotFoundError for a missing key.
    """
    seconds = QUICK + size / SLOWEST
    late = f"within {seconds:.0f} s"
    with calling(FILE_STORAGE) as call, deadline(seconds) as end:
        try:
            yield
        except RAISED as error:
            if end.is_over:  # a cut looks like anything
                raise _silence(late, call) from error
            raise _told(error, call) from error
        if end.is_over:
            raise _silence(late, call)


def _told(error: Exception, call: Call) -> Exception:
    if isinstance(error, ClientError):
        return _judged(error, call)
    if isinstance(error, ParamValidationError):
        return Bury(str(error)[:300], cause=f"{FILE_STORAGE} is asked nonsense")
    if isinstance(error, WrongAnswer):
        return _unable(str(error), call)
    if isinstance(error, ResponseParserError):
        return _unable(NO_BUCKET, call)
    if "Credential" in type(error).__name__:
        cause = f"{FILE_STORAGE}: there is no key: BUCKET_KEY_ID, BUCKET_SECRET"
        return Retry(cause, failure_kind=FailureKind.UNABLE)
    return _silence(f"({type(error).__name__})", call)


def _unable(told: str, call: Call, *, cause: str = "") -> Retry:
    reason = told if cause else f"{FILE_STORAGE} {told}"
    call.failed(reason, FailureKind.UNABLE)
    return Retry(reason, cause=cause, failure_kind=FailureKind.UNABLE)


def _silence(why: str, call: Call) -> Retry:
    reason = f"{said(FILE_STORAGE, None)} {why}"
    call.failed(reason, FailureKind.SILENT)
    return Retry(reason, failure_kind=FailureKind.SILENT)


def _judged(error: ClientError, call: Call) -> Exception:
    told = error.response.get("Error", {})
    code, message = str(told.get("Code", "")), str(told.get("Message", ""))[:200]
    meta = error.response.get("ResponseMetadata", {})
    status = int(meta.get("HTTPStatusCode", 0))
    if code == MISSING:
        return FileNotFoundError(code)
    if code in BUSY or status == TOO_MANY:
        return _slower(code, meta.get("HTTPHeaders", {}).get("retry-after", ""), call)
    ours = BY_CODE.get(code) or BY_STATUS.get(status)
    cause = f"{FILE_STORAGE}: {ours}" if ours else said(FILE_STORAGE, status)
    reason = f"{cause} ({code}: {message})"
    if ours:
        return Retry(reason, cause=cause, failure_kind=FailureKind.UNABLE)
    return Bury(reason, cause=cause) if status < 500 else _unable(reason, call, cause=cause)


def _slower(code: str, retry_after: str, call: Call) -> Retry:
    after = seconds_asked(retry_after)
    reason = f"{FILE_STORAGE} asks us to slow down ({code})"
    call.busy(reason, seconds=after)
    return Retry(reason, after=after, failure_kind=FailureKind.BUSY)
