"""Who lives outside, and how long each takes."""

from dataclasses import dataclass

# What "slow" adds, and what the slow bank takes: longer than any patience a checkout should have.
SLOW_SECONDS = 5.0
# The fast profile's latency: not zero, so that concurrent requests still overlap.
FAST_SECONDS = 0.001


@dataclass(frozen=True)
class Service:
    """One party outside. `seconds` is its latency in the `article` profile."""

    name: str
    title: str
    seconds: float
    does: str


_ALL = (
    Service("payment", "Payment provider", 0.8, "charges and refunds cards, in Stripe's protocol"),
    Service("print-room", "Print room", 0.5, "reserves prints and home goods made to order"),
    Service("warehouse", "Warehouse", 0.7, "reserves what is on the shelf"),
    Service("box-office", "Box office", 0.8, "reserves seats"),
    Service("partner", "Partner", 2.0, "takes signed webhooks (Standard Webhooks)"),
    Service("analytics", "Analytics", 1.0, "counts events"),
    Service("crm", "CRM", 0.5, "keeps contacts"),
    Service("audit-archive", "Audit archive", 1.0, "files what was done"),
    Service("ai", "AI service", 8.0, "drafts answers, in the protocol of chat completions"),
    Service("sms", "SMS", 1.0, "takes SMS and shows them in its book"),
    Service("mail", "Mail server", 2.0, "takes mail by SMTP and shows it in the inbox"),
)
SERVICES = {service.name: service for service in _ALL}
