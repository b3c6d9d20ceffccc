"""What customers are told of what they have asked for about themselves."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import AccountDeletion
from notifications.gateway import Mail
from reports.models import DataExport
from reports.my_data.keeping import until


def my_data_ready(export: DataExport, *, key: str) -> Mail:
    """Where it is fetched. The link lets nobody in."""
    link = f"{settings.SITE_URL}{reverse('reports:my_data')}"
    context = {"link": link, "until": until(export)}
    return _mail("my_data_ready", export.user.email, "Your data can be fetched", key, context)


def deletion_asked(deletion: AccountDeletion, *, key: str) -> Mail:
    """When, and how it is taken back."""
    context = {"link": f"{settings.SITE_URL}{reverse('shop:login')}", "due_at": deletion.due_at}
    subject = "Your account is going to be deleted"
    return _mail("deletion_asked", deletion.address, subject, key, context)


def _mail(name: str, to: str, subject: str, key: str, context: dict[str, object]) -> Mail:
    return Mail(
        key=key,
        to=to,
        subject=subject,
        text=render_to_string(f"notifications/{name}.txt", context),
        html=render_to_string(f"notifications/{name}.html", context),
    )
