"""Where webhooks go."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from deferral.external_services import ExternalService, ExternalServices
from deferral.names import LENGTH, new_tag
from webhooks.addresses import place_of
from webhooks.sealing import NotOpened, SealedField, opened

# Without a prefix: the form where an endpoint is named keeps it apart from other services.
ENDPOINTS = ExternalServices()
# Deliveries to one endpoint at a time: unless somebody says otherwise, and at most.
USUAL_AT_ONCE, MOST_AT_ONCE = 20, 100


class Endpoint(models.Model):
    """Where webhooks go, which, and how they are signed.

    `slug` is also the external service's name, and the beginning of its jobs' keys: it never
    changes. `previous_secret` signs too until `previous_until`. `failures` are those since the last
    success, the first of them at `failing_since`; `warned` is the day on which staff were last
    told. `at_once` is how many deliveries may be on their way to it at a time: see `in_flight`.
    """

    slug = models.SlugField("name", max_length=40, unique=True)
    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False)
    url = models.CharField("address", max_length=500)
    events = ArrayField(models.CharField(max_length=40), default=list)
    at_once = models.SmallIntegerField(
        "deliveries at a time",
        default=USUAL_AT_ONCE,
        db_default=USUAL_AT_ONCE,
        validators=[
            MinValueValidator(1, "At least 1. One that is to be sent nothing is disabled instead."),
            MaxValueValidator(MOST_AT_ONCE, f"At most {MOST_AT_ONCE}."),
        ],
    )
    secret = SealedField()
    previous_secret = SealedField(blank=True, default="")
    previous_until = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.CharField(max_length=500, blank=True, default="")
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    warned = models.PositiveSmallIntegerField(default=0)

    class Meta:
        permissions: ClassVar = [("show_secret", "Can have the secret of an endpoint shown")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(at_once__range=(1, MOST_AT_ONCE)), name="endpoint_at_once"
            )
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def name(self) -> str:
        """`partner-7kq2m9xv`: of this endpoint alone, in whatever database a slug stands again."""
        return f"{self.slug}-{self.tag}"

    @property
    def service(self) -> ExternalService:
        """Whose breaker its deliveries go by: its own."""
        return ENDPOINTS.named(self.slug)

    def ordering_key_of(self, order: str) -> str:
        """Of what it is told of an order: apart from suppliers', whatever an endpoint is called."""
        return f"webhook:{self.slug}:{order}"

    @property
    def subject(self) -> str:
        """As the ledger names it."""
        return f"endpoint:{self.slug}"

    @property
    def place(self) -> str:
        """Scheme and host, for whoever need not know the rest: there may be a password in it."""
        return place_of(self.url)

    @property
    def is_rotating(self) -> bool:
        """For a day after a rotation."""
        until = self.previous_until
        return bool(self.previous_secret and until and timezone.now() < until)

    @property
    def secrets(self) -> list[str]:
        """Those that sign now, in clear: two while it is rotating. NotOpened under a wrong key."""
        found = [self.secret, self.previous_secret] if self.is_rotating else [self.secret]
        return [opened(one) for one in found]

    @property
    def may_rotate(self) -> bool:
        """Not while the one before signs too: the receiver may have that one alone.

        What cannot be opened signs nothing, so nobody loses it.
        """
        return not self.is_rotating or bool(self.unsigned_because)

    @property
    def unsigned_because(self) -> str:
        """Why nothing can be signed for it, or empty: it is well."""
        try:
            _ = self.secrets
        except NotOpened as error:
            return str(error)
        return ""
