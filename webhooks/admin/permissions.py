"""Who may do what with webhooks: readers look, support tests and resends, operators manage.

To see a secret is a permission of its own, which operators have too.
"""

from django.http import HttpRequest


def may_send(request: HttpRequest) -> bool:
    """Send a test, or one delivery again. Nobody edits a delivery: the permission says this."""
    return request.user.has_perm("webhooks.change_delivery")


def may_manage(request: HttpRequest) -> bool:
    """Everything else about an endpoint."""
    return request.user.has_perm("webhooks.change_endpoint")


def may_show(request: HttpRequest) -> bool:
    """Have the secret of an endpoint shown."""
    return request.user.has_perm("webhooks.show_secret")
