"""Who has an account: staff, who log in with a password, and customers, who do from a mailbox."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.login_names import LONGEST, ONE_SPELLING, LoginNameField


class Users(BaseUserManager["User"]):
    """What `createsuperuser` and Django's backend ask for."""

    def create_user(self, email: str, password: str | None = None, **facts: Any) -> "User":
        """Somebody new, without a password unless one is given. ValidationError for a wrong one.

        IntegrityError for an address that is somebody's, in whichever spelling.
        """
        user = self.model(email=email, **facts)
        user.set_password(password)
        user.clean_fields()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **facts: Any) -> "User":
        """Somebody who may do everything."""
        return self.create_user(email, password, **facts, is_staff=True, is_superuser=True)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody with a login. Known by the address, also in what they decided: it is a plain text
    there, which outlives the row.
    """

    email = LoginNameField(
        "e-mail address",
        max_length=LONGEST,
        unique=True,
        error_messages={"unique": "Somebody has this e-mail address already."},
    )
    name = models.CharField(max_length=200, blank=True)
    is_staff = models.BooleanField("staff", default=False, help_text="May log in to the admin.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Off for somebody who has left: what they did stays."
    )
    joined_at = models.DateTimeField("joined", db_default=Now(), editable=False)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering: ClassVar = ["email"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(email__regex=ONE_SPELLING), name="login_name")
        ]

    def get_full_name(self) -> str:
        """As Django's pages ask for it."""
        return self.name

    def get_short_name(self) -> str:
        """The same."""
        return self.name
