"""What may be said of a campaign while it is a draft."""

from django import forms

from deferral.text.typed import Line, Text
from notifications.models import Campaign


class CampaignForm(forms.ModelForm[Campaign]):
    """Subject, words, for whom, how fast."""

    title = Line(max_length=200, label="Subject", widget=forms.TextInput({"class": "vTextField"}))
    words = Text(
        max_length=100_000,
        widget=forms.Textarea({"rows": 18, "class": "vLargeTextField"}),
        help_text="In Markdown: **bold**, *italic*, [a link](https://…), - a list, # a heading.",
    )

    class Meta:
        model = Campaign
        fields = ("title", "words", "bought", "per_minute")
