"""To whom webhooks go, and what came of each. Only this app writes these tables."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from deferral.external_services import ExternalService, ExternalServices
from deferral.names import LENGTH, new_tag
from webhooks.addresses import place_of
from webhooks.sealing import NotOpened, SealedField, opened

# Without a prefix: the form where an endpoint is named keeps it apart from other services.
ENDPOINTS = ExternalServices()


class Endpoint(models.Model):
    """Where webhooks go, which, and how they are signed.

    `slug` is also the external service's name, and the beginning of its jobs' keys: it never
    changes. `previous_secret` signs too until `previous_until`. `failures` are those since the last
    success, the first of them at `failing_since`; `warned` is the day on which staff were last
    told.
    """

    slug = models.SlugField("name", max_length=40, unique=True)
    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False)
    url = models.CharField("address", max_length=500)
    events = ArrayField(models.CharField(max_length=40), default=list)
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


class Delivery(models.Model):
    """One webhook to one endpoint. Leaves after 90 days, as its jobs do.

    `webhook_id` is the key of its first job, and what the receiver knows a repeat by. `body` is the
    exact text of every attempt, frozen before the first.
    """

    webhook_id = models.CharField(max_length=200, unique=True)
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="deliveries")
    type = models.CharField(max_length=40)
    subject = models.CharField(max_length=100)
    body = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes: ClassVar = [
            models.Index(F("subject"), name="delivery_subject"),
            models.Index(F("endpoint"), F("id"), name="delivery_endpoint"),
            models.Index(
                F("endpoint"),
                F("delivered_at"),
                name="delivery_delivered",
                condition=Q(delivered_at__isnull=False),
            ),
            models.Index(F("id"), name="delivery_open", condition=Q(delivered_at__isnull=True)),
            BrinIndex(fields=["created_at"], name="delivery_created"),  # written in that order
        ]

    def __str__(self) -> str:
        return self.webhook_id


class DeliveryAttempt(models.Model):
    """One POST: what came back and how long it took. `status` is empty where nobody answered.

    `response` is the beginning of the answer, redacted; `error` says why there was none.
    """

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField(db_default=Now())
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField()
    response = models.CharField(max_length=1_024, blank=True, default="")
    error = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.status or self.error}"

    @property
    def is_good(self) -> bool:
        """2xx, and nothing else."""
        return self.status is not None and 200 <= self.status < 300
