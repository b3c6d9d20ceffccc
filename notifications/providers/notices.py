"""What a provider tells us of mails that it has taken. Anymail reads it; here is what it means.

A notice comes with the name and password that we have given the provider, by TLS: it is not signed
over its bytes, as the inbox of the machinery wants it, and not stored. What follows from one can
follow twice, and in any order.
"""

import re
from collections.abc import Iterator
from typing import Any

from anymail import urls
from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.conf import settings
from django.http import HttpRequest

from deferral.inbox.errors import NoticeForged, NoticeNotUnderstood
from notifications.providers.meanings import ATTEMPT, Meaning, Notice
from notifications.providers.postmark import MAIL

NO_NOTICE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    AnymailConfigurationError,
)
TAKEN = {
    EventType.QUEUED,
    EventType.SENT,
    EventType.DEFERRED,
    EventType.DELIVERED,
    EventType.OPENED,
    EventType.CLICKED,
    EventType.AUTORESPONDED,
}
NOBODY_THERE = {RejectReason.INVALID, RejectReason.BOUNCED}
NOT_WANTED = {RejectReason.SPAM, RejectReason.UNSUBSCRIBED}
# A filter's word, at the reader's mail server, which anymail takes for the reader's own.
OF_A_FILTER = "SpamNotification"
NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def read_notices(request: HttpRequest) -> Iterator[Notice]:
    """Those of one request that mean something to us. NoticeForged, NoticeNotUnderstood."""
    provider = settings.MAIL_PROVIDER
    view = _view(provider.name)(webhook_secret=[provider.login])
    try:
        view.run_validators(request)
    except (AnymailWebhookValidationFailure, *NO_NOTICE) as error:
        raise NoticeForged from error
    try:
        events = list(view.parse_events(request))
        found = [_notice(each) for each in events]
    except NO_NOTICE as error:
        raise NoticeNotUnderstood from error
    yield from filter(None, found)


def _view(name: str) -> Any:
    """Anymail's, that reads what this provider tells of its mails."""
    wanted = f"{name}_tracking_webhook"
    [route] = [each for each in urls.urlpatterns if each.name == wanted]
    return route.callback.view_class


def _notice(event: AnymailTrackingEvent) -> Notice | None:
    meaning, attempt = _meaning(event), _said(event, ATTEMPT)
    if meaning is None:
        return None
    number = int(attempt) if NUMBER.fullmatch(attempt) else 1
    return Notice(meaning=meaning, key=_said(event, MAIL), attempt=number)


def _meaning(event: AnymailTrackingEvent) -> Meaning | None:
    kind, why = event.event_type, event.reject_reason
    if OF_A_FILTER in _words(event):
        return Meaning.REFUSED
    if kind in {EventType.COMPLAINED, EventType.UNSUBSCRIBED} or why in NOT_WANTED:
        return Meaning.UNWANTED
    if kind == EventType.BOUNCED and not _is_for_now(event):
        return Meaning.GONE if why in NOBODY_THERE else Meaning.TAKEN
    if kind in {EventType.REJECTED, EventType.FAILED}:
        return Meaning.GONE if why in NOBODY_THERE else Meaning.REFUSED
    return Meaning.TAKEN if kind in TAKEN or kind == EventType.BOUNCED else None


def _is_for_now(event: AnymailTrackingEvent) -> bool:
    """Anymail calls a full mailbox a bounce too. The provider's own word tells them apart."""
    return any("soft" in word.lower() for word in _words(event))


def _words(event: AnymailTrackingEvent) -> set[str]:
    """What the provider itself calls it."""
    return {str(event.esp_event.get(name)) for name in ("Type", "event")}


def _said(event: AnymailTrackingEvent, name: str) -> str:
    """What we gave the mail along by this name."""
    found = event.metadata.get(name, "") if event.metadata else ""
    return found if isinstance(found, str) else ""
