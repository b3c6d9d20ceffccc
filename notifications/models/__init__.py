"""What was sent to whom, and who wants to be sent what."""

from notifications.models.campaigns import Campaign
from notifications.models.mails import SentMail
from notifications.models.newsletter import Subscription, Suppression, same
from notifications.models.recipients import Recipient
from notifications.models.sms import SentSms

__all__ = ["Campaign", "Recipient", "SentMail", "SentSms", "Subscription", "Suppression", "same"]
