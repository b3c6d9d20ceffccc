"""Who of the staff may have what opens a door: a ticket's code, and the file in which it is drawn.

Whoever stands at the door (support, operators). Readers see whose a seat is, and whether it was
used.
"""

from django.http import HttpRequest

# Of those who use tickets up. In the admin itself nobody edits one.
AT_THE_DOOR = "reports.change_ticket"
# Of those who see a month's statements: whoever sees every order and payment.
BOOKS = "reports.view_statement"


def may(request: HttpRequest, permission: str) -> bool:
    """Somebody of the staff whose role allows it, as in the admin."""
    return request.user.is_staff and request.user.has_perm(permission)
