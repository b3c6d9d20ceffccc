"""From a mail's link, or its code, to an account.

`browsers`: the secrets of this browser, one for each request that it has made of late.
"""

from collections.abc import Sequence

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.errors import LinkOver, WrongCode
from accounts.events import AddressProven, UserRegistered
from accounts.login_links.digests import digest_of_browser, digest_of_code, digest_of_secret
from accounts.login_links.turns import take_turn
from accounts.models import LoginLink, User
from deferral.crashpoints import crashpoint
from deferral.events import publish

# How often a code may be tried, of each request.
TRIES = 5
# Counts a try and uses the code up in one statement: of two that are right one is let in.
TRY_CODE = """
UPDATE accounts_loginlink
SET tries = tries + 1,
    used_at = CASE WHEN code = %(code)s AND expires_at > now() THEN now() END
WHERE browser = %(browser)s AND used_at IS NULL AND tries < %(most)s
RETURNING id, used_at IS NOT NULL, %(most)s - tries
"""


def works_here(*, secret: str, browsers: Sequence[str]) -> bool:
    """Whether one click would do. Nothing is used up: scanners follow every link."""
    return _usable(secret, browsers).exists()


@transaction.atomic
def use_link(*, secret: str, browsers: Sequence[str]) -> User:
    """Let in whoever has both. LinkOver; of two at once the second gets it."""
    for address in _usable(secret, browsers).values_list("address", flat=True):
        take_turn(address)
    if not _usable(secret, browsers).update(used_at=Now()):
        raise LinkOver
    return _let_in(LoginLink.objects.get(secret=digest_of_secret(secret)))


def use_code(*, code: str, browsers: Sequence[str]) -> User:
    """Let in whoever types the newest mail's code where they asked. WrongCode, which is counted.

    It is tried for each request of this browser. The count is the same for an address that nobody
    has, and that no mail went to. LinkOver.
    """
    left = 0
    for browser in map(digest_of_browser, browsers):
        with transaction.atomic():
            link_id, is_right, still = _try(code, browser)
            if is_right:
                return _let_in(LoginLink.objects.get(pk=link_id))
        left = max(left, still)
    raise WrongCode(left)


def _usable(secret: str, browsers: Sequence[str]) -> QuerySet[LoginLink]:
    return LoginLink.objects.filter(
        secret=digest_of_secret(secret),
        browser__in=[*map(digest_of_browser, browsers)],
        used_at=None,
        expires_at__gt=Now(),
    )


def _try(code: str, browser: str) -> tuple[int, bool, int]:
    """Which request it is of, whether it is right, and how often one may try on."""
    for address in LoginLink.objects.filter(browser=browser).values_list("address", flat=True):
        take_turn(address)
    digest = digest_of_code(code, browser=browser)
    with connection.cursor() as cursor:
        cursor.execute(TRY_CODE, {"code": digest, "browser": browser, "most": TRIES})
        return cursor.fetchone() or (0, False, 0)


def _let_in(link: LoginLink) -> User:
    """The account of this address, made now if there is none. Its other links are dead.

    LinkOver for staff and whoever was shut out, and nothing is used up.
    """
    no_password = {"password": make_password(None)}
    user, is_new = User.objects.get_or_create(email=link.address, defaults=no_password)
    if user.is_staff or not user.is_active:
        raise LinkOver
    LoginLink.objects.armed(link.address).update(secret="", code="")
    if is_new:
        publish(UserRegistered(user_id=user.pk, tag=link.tag), subject=f"user:{link.tag}")
    publish(AddressProven(user_id=user.pk), subject=link.subject)
    crashpoint("let_in")
    return user
