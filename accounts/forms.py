"""Logging in, and users as superusers write them down."""

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm

from accounts.models import User
from deferral.text.typed import Line

NO_MATCH = "No member of staff has this e-mail address and this password. Mind its capitals."


class LoginForm(AdminAuthenticationForm):
    """By e-mail address, in any spelling, and password. It does not say which of them was wrong."""

    # Django's own field would spell it by a rule of its own (NFKC).
    username = forms.CharField(
        widget=forms.TextInput(
            {"autofocus": True, "autocapitalize": "none", "autocomplete": "username"}
        )
    )
    error_messages = {  # noqa: RUF012 - Django's
        **AdminAuthenticationForm.error_messages,
        "invalid_login": NO_MATCH,
    }


class NewUserForm(AdminUserCreationForm):  # type: ignore[type-arg]  # of users
    """Somebody new: an address and a name, and a password, or none for now."""

    name = Line(max_length=200, required=False)

    class Meta:
        model = User
        fields = ("email", "name")


class UserForm(UserChangeForm):  # type: ignore[type-arg]  # of users
    """A name that can be seen, an address that can be mailed; the name may be left out."""

    name = Line(max_length=200, required=False)
