"""People at the desk, with the rules that hold for everything that is typed."""

from django.contrib import admin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import User

from accounts.admin import StaffAdmin
from deferral.text.typed import Line
from orders.mailboxes import MailboxField

admin.site.unregister(User)


class PersonForm(UserChangeForm):  # type: ignore[type-arg]  # of users
    """A name that can be seen, an address that can be mailed; either may be left out."""

    first_name = Line(max_length=150, required=False)
    last_name = Line(max_length=150, required=False)
    email = MailboxField(required=False)


@admin.register(User)
class PersonAdmin(StaffAdmin):
    """Who leaves is made inactive; what they decided stays either way."""

    form = PersonForm
