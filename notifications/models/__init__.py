"""What was sent to whom, and who wants to be sent what."""

from notifications.models.campaigns import Campaign, Recipient
from notifications.models.mails import SentMail
from notifications.models.newsletter import Subscription, Suppression, same

__all__ = ["Campaign", "Recipient", "SentMail", "Subscription", "Suppression", "same"]
