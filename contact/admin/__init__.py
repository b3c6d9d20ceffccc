"""Messages in the admin."""

from contact.admin import messages, waiting

__all__ = ["messages", "waiting"]
