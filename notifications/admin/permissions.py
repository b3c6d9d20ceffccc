"""Who may do what with webhooks: readers look, support tests and resends, operators manage."""

from django.http import HttpRequest


def may_send(request: HttpRequest) -> bool:
    """Send a test, or one delivery again. Nobody edits a delivery: the permission says this."""
    return request.user.has_perm("notifications.change_delivery")


def may_manage(request: HttpRequest) -> bool:
    """Everything else about an endpoint."""
    return request.user.has_perm("notifications.change_endpoint")
