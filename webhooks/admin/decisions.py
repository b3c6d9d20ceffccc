"""What a person decides about an endpoint or a delivery."""

from deferral.admin.kit.decisions import Decision
from webhooks import endpoints
from webhooks.admin.permissions import may_manage, may_send
from webhooks.models import Delivery, Endpoint
from webhooks.recovery import resend


def is_on(endpoint: Endpoint) -> bool:
    """Whether it is sent anything."""
    return endpoint.disabled_at is None


def is_off(endpoint: Endpoint) -> bool:
    """Whether it is not."""
    return not is_on(endpoint)


def may_rotate(endpoint: Endpoint) -> bool:
    """A disabled one is not called by any."""
    return is_on(endpoint) and endpoint.may_rotate


def has_somewhere_to_go(delivery: Delivery) -> bool:
    """A disabled endpoint is not called."""
    return is_on(delivery.endpoint)


ABOUT_ENDPOINTS = {
    "rotate": Decision(
        verb="Rotate secret",
        may=may_manage,
        allowed=may_rotate,
        service=endpoints.rotate_secret,
        consequence="A new secret signs from now on, and for 24 hours the one until now signs too. "
        "Give the new one to the receiver within that time: Show secret, on the endpoint's page.",
        done="has a new secret; the old one signs too for 24 hours.",
    ),
    "disable": Decision(
        verb="Disable",
        may=may_manage,
        allowed=is_on,
        service=endpoints.disable,
        consequence="Nothing is sent there from now on. What is on its way becomes a dead letter; "
        "what happens meanwhile can be recovered later.",
        done="is sent nothing any more.",
    ),
    "enable": Decision(
        verb="Enable",
        may=may_manage,
        allowed=is_off,
        service=endpoints.enable,
        consequence="From now on webhooks are sent to it again. What it missed is brought by "
        "Recover, which is another button.",
        done="is sent webhooks again. Recover brings what it missed.",
    ),
}
ABOUT_DELIVERIES = {
    "resend": Decision(
        verb="Resend",
        may=may_send,
        allowed=has_somewhere_to_go,
        service=resend,
        consequence="The same webhook-id and the same body are sent once more, signed anew. A "
        "receiver that has it already takes it for a repeat.",
        done="will be sent again. Its attempt appears below.",
    )
}
