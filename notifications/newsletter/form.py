"""What somebody says who wants the newsletter."""

from django import forms

from accounts.mailboxes import MailboxField
from deferral.text.typed import Line


class NewsletterForm(forms.Form):
    """An address that can be mailed, and a name for whoever wants to be greeted by it."""

    email = MailboxField(label="E-mail")
    name = Line(max_length=100, required=False)
