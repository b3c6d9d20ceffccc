"""What may be said of an endpoint by hand, and what of it is refused."""

from django import forms
from django.core.exceptions import ValidationError

from deferral.registry import stranger_tasks
from notifications.deliveries import BECAME
from notifications.models import Endpoint
from notifications.outbound import is_allowed


class EndpointForm(forms.ModelForm[Endpoint]):
    """Name, address, and what it wants to hear of."""

    events = forms.MultipleChoiceField(
        choices=[(name, name) for name in BECAME],
        widget=forms.CheckboxSelectMultiple,
        help_text="What has happened to an order.",
    )

    class Meta:
        model = Endpoint
        fields = ("slug", "url", "events")
        widgets = {"url": forms.TextInput({"class": "vURLField"})}  # noqa: RUF012
        help_texts = {  # noqa: RUF012 - Django's
            "slug": "For ever: keys of deliveries begin with it, and its breaker is called so.",
            "url": "https. Whether it leads out of our own network is looked at before each call.",
        }

    def clean_slug(self) -> str:
        """Not the name of another stranger, whose breaker it would share."""
        slug: str = self.cleaned_data["slug"]
        if slug in stranger_tasks():
            raise ValidationError("Somebody else outside is called so already.")
        return slug

    def clean_url(self) -> str:
        """Refused here, so that nobody waits for a dead letter to hear of it."""
        url: str = self.cleaned_data["url"]
        if not is_allowed(url):
            raise ValidationError("This must be an address that begins with https://.")
        return url
