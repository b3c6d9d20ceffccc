"""The audit log. Only this app writes this table."""

from typing import ClassVar

from django.db import models


class AuditEntry(models.Model):
    """Who did what, when. Never changed, but for the time it was filed at the archive.

    `subject` is what the ledger calls what it is about (`order:H-10482`), `reference` what is never
    another's outside (`H-10482-7kq2m9xv`).
    """

    CUSTOMER = "customer"

    key = models.CharField(max_length=200, unique=True)
    action = models.CharField(max_length=50)
    subject = models.CharField(max_length=100)
    reference = models.CharField(max_length=100)
    # CUSTOMER, the login of one of us, or the name of an external service.
    actor = models.CharField(max_length=254)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name_plural = "audit entries"
        indexes: ClassVar = [models.Index(fields=["subject"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
