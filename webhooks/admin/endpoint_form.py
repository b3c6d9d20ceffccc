"""What may be said of an endpoint by hand, and what of it is refused."""

import re

from django import forms
from django.core.exceptions import ValidationError

from deferral.registry import service_tasks
from webhooks.addresses import host_and_port, is_allowed, is_private
from webhooks.connections import is_ours
from webhooks.models import MOST_AT_ONCE, Endpoint
from webhooks.payloads import CHOICES

# What other series and subjects of the ledger begin with.
RESERVED = ("webhook", "endpoint", "order")
PORTS = (443, 8443)


class EndpointForm(forms.ModelForm[Endpoint]):
    """Name, address, what it wants to hear of, and how many deliveries at a time."""

    events = forms.MultipleChoiceField(
        choices=[(name, name) for name in CHOICES],
        widget=forms.CheckboxSelectMultiple,
        help_text="What has happened to an order.",
    )

    class Meta:
        model = Endpoint
        fields = ("slug", "url", "events", "at_once")
        widgets = {  # noqa: RUF012
            "url": forms.TextInput({"class": "vURLField"}),
            "at_once": forms.NumberInput({"class": "vIntegerField", "min": 1, "max": MOST_AT_ONCE}),
        }
        help_texts = {  # noqa: RUF012 - Django's
            "slug": "It cannot be changed later: the keys of its deliveries begin with it, and "
            "its breaker has this name.",
            "url": "https alone. Before each call we check that it leads out of our own network.",
            "at_once": f"How many may be on their way to it at the same time, 1 to {MOST_AT_ONCE}. "
            "A receiver that asks for 4 gets 4. The others wait a little and lose no attempt.",
        }

    def clean_slug(self) -> str:
        """Not the name of another service, whose breaker it would share, nor one as good as it."""
        slug: str = self.cleaned_data["slug"]
        others = Endpoint.objects.exclude(slug=slug).values_list("slug", flat=True)
        if _spoken(slug) in {_spoken(name) for name in (*service_tasks(), *RESERVED, *others)}:
            raise ValidationError("An external service has this name already.")
        return slug

    def clean_url(self) -> str:
        """Refused here, so that nobody waits for a dead letter to hear of it."""
        url: str = self.cleaned_data["url"]
        if not is_allowed(url):
            said = "This must be an address that begins with https://, without name and password."
            raise ValidationError(said)
        host, port = host_and_port(url)
        if is_private(url):
            return url
        if is_ours(host):
            raise ValidationError("This address is of our own network.")
        if port not in PORTS:
            raise ValidationError("Its port must be 443 or 8443.")
        return url


def _spoken(name: str) -> str:
    """`Box_Office`, `box-office` and `box office` are one."""
    return re.sub(r"[-_ ]+", " ", name).casefold()
