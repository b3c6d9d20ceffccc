"""What staff decide about a campaign, and about one mail of which nobody knows."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from deferral.admin.kit.confirmations import Why
from deferral.admin.kit.decisions import Decision
from deferral.text.typed import Text
from notifications.campaigns import audience, control
from notifications.models import Campaign, Recipient

State = Campaign.State


def may_write(request: HttpRequest) -> bool:
    """Whoever may write campaigns may start and stop them."""
    return request.user.has_perm("notifications.change_campaign")


class Start(Why):
    """`count` is how many the page named: who presses has seen it."""

    reason = Text(
        required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2, "cols": 60})
    )
    count = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, row: Campaign, data: QueryDict | None = None, **options: Any) -> None:
        self.audience = audience.count(row.bought)
        super().__init__(row, data, initial={"count": self.audience}, **options)

    def clean_count(self) -> int:
        """Somebody may have subscribed meanwhile."""
        said: int = self.cleaned_data["count"]
        if said != self.audience:
            self.data = {**dict(self.data.items()), "count": str(self.audience)}
            msg = f"By now it would go to {self.audience:,}. Nothing was done: look again."
            raise ValidationError(msg)
        return said

    def told(self, verb: str) -> str:
        """With the number."""
        return f"{verb} to {self.audience:,}. {self.cleaned_data['reason']}".strip()


ABOUT_CAMPAIGNS = {
    "start": Decision(
        verb="Start",
        may=may_write,
        allowed=lambda campaign: campaign.state == State.DRAFT,
        service=control.start_campaign,
        ask=Start,
        consequence="Whom it is for is written down now, and the first mails leave as soon as that "
        "is done. What it says and whom it is for cannot be changed from then on, and what was "
        "sent cannot be taken back.",
        done="is under way.",
    ),
    "pause": Decision(
        verb="Pause",
        may=may_write,
        allowed=lambda campaign: campaign.state in {State.FREEZING, State.RUNNING},
        service=control.pause_campaign,
        consequence="No further mail leaves until it is resumed. One that is just being handed "
        "over is the last.",
        done="is paused.",
    ),
    "resume": Decision(
        verb="Resume",
        may=may_write,
        allowed=lambda campaign: campaign.state == State.PAUSED,
        service=control.resume_campaign,
        consequence="Whoever has not been sent theirs is sent it now, at the campaign's rate.",
        done="goes on.",
    ),
    "cancel": Decision(
        verb="Cancel",
        may=may_write,
        allowed=lambda campaign: campaign.is_open,
        service=control.cancel_campaign,
        consequence="No further mail leaves, for good: this cannot be undone. What was sent stays "
        "sent.",
        done="is cancelled.",
    ),
}


def may_be_sent_again(recipient: Recipient) -> bool:
    """A cancelled campaign sends nothing more."""
    open_ = recipient.state in Recipient.DECIDED_BY_STAFF
    return open_ and recipient.campaign.state != State.CANCELLED


ABOUT_RECIPIENTS = {
    "again": Decision(
        verb="Send again",
        may=may_write,
        allowed=may_be_sent_again,
        service=control.send_again,
        consequence="Where it is in doubt, nobody knows whether the mail server took it the first "
        "time. If it did, this person gets it twice; both carry the same Message-ID.",
        done="is sent it again.",
    )
}
