"""Messages, their answers, and drafts of those. Only this app writes these tables."""

from contact.models.drafts import Call, Draft, draft_key
from contact.models.messages import LONGEST_NAME, LONGEST_WORDS, Answer, Message

__all__ = ["LONGEST_NAME", "LONGEST_WORDS", "Answer", "Call", "Draft", "Message", "draft_key"]
