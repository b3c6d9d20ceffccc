"""SMS: to who gave a number, about what they wait for. Cleaned, counted, and sent once by key."""

from notifications.sms.gateway import SMS_SERVICE, Sms, send_sms
from notifications.sms.segments import segments, within

__all__ = ["SMS_SERVICE", "Sms", "segments", "send_sms", "within"]
