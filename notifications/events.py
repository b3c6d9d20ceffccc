"""What happens to what we send."""

from deferral.events import DomainEvent, event


@event("notifications.confirmation_incomplete")
class ConfirmationIncomplete(DomainEvent):
    """The confirmation went without these documents, named by their jobs' keys: they follow."""

    order_id: int
    missing: list[str]


@event("notifications.confirmation_asked_again")
class ConfirmationAskedAgain(DomainEvent):
    """Staff want the customer to have the confirmation once more, for the `number`th time.

    The `tag` is this decision's own: after a restore the same number is given again.
    """

    order_id: int
    number: int
    tag: str


@event("notifications.campaign_goes_on")
class CampaignGoesOn(DomainEvent):
    """It was started or resumed: whoever has not been sent theirs is, in this run."""

    campaign_id: int
    run: int


@event("notifications.campaign_mail_again")
class CampaignMailAgain(DomainEvent):
    """Staff want a mail sent although it may have arrived. The `tag` is the decision's own."""

    recipient_id: int
    tag: str
