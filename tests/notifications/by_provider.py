"""A shop whose mails a provider takes."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from config.mail import BY_HTTP
from config.mail import Provider as Named
from tests.notifications.stand_in_provider import TOKEN, Provider
from tests.rig.listening import listening

LOGIN = "provider:twenty-four-letters-or-more"


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    """The settings' provider, which takes all mails."""
    found = Provider()
    with listening(found):
        settings.MAIL_PROVIDER = Named(
            name="postmark", key=TOKEN, url=found.url, login=LOGIN, stream="broadcast"
        )
        settings.EMAIL_BACKEND = settings.CAMPAIGN_BACKEND = BY_HTTP
        yield found
