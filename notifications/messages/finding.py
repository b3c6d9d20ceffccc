"""What a mail says that shows a guest an order."""

from django.conf import settings
from django.urls import reverse

from notifications.gateway import Mail
from notifications.messages.rendering import order_mail
from shop.order_links.asking import WORKS_FOR, FoundMail


def order_found(mail: FoundMail, *, key: str) -> Mail:
    """A link to the order. Each mail of a request has a Message-ID of its own, as a login's has."""
    context = {
        "link": f"{settings.SITE_URL}{reverse('shop:order_found', args=[mail.secret])}",
        "login": f"{settings.SITE_URL}{reverse('shop:login')}",
        "minutes": round(WORKS_FOR.total_seconds() / 60),
    }
    secrets = (mail.secret,)
    return order_mail(
        mail.order,
        "order_found",
        "A link to your order {}",
        f"{key}:{mail.number}",
        context,
        secrets=secrets,
    )
