"""The environment of a shop that is started by hand: by tests and by the benchmark."""

from pathlib import Path

from tests.rig.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
PORTS = ("WEB_PORT", "SANDBOX_PORT", "MAIL_PORT", "SANDBOX_SMTP_PORT", "FLOWER_PORT")
PAYMENT_SECRET = "whsec_of_the_provider"
SEALING_KEY = "3q2-7wABAgMEBQYHCAkKCwwNDg-Ahc7Z_3NmG1kqYpQ="
TOKEN = "let-me-break-it"
PARTNER_SECRET = "whsec_dGhlIHBhcnRuZXIncyBzZWNyZXQ="
PRINT_ROOM_SECRET = "whsec_dGhlIHByaW50IHJvb20ncyBzZWNyZXQ="
WAREHOUSE_SECRET = "whsec_dGhlIHdhcmVob3VzZSdzIHNlY3JldC4u"
NEXT_WAREHOUSE_SECRET = "whsec_dGhlIHdhcmVob3VzZSdzIG5leHQgb25l"


def surroundings(home: Path, *, database: str, broker: str) -> dict[str, str]:
    """Addresses of servers, free ports and keys, to be set before Django reads its settings."""
    ports = dict(zip(PORTS, map(str, free_ports(len(PORTS))), strict=True))
    return {
        "DATABASE_URL": database,
        "BROKER_URL": broker,
        "DATA_DIR": str(home),
        "SECRET_KEY": "only for tests",
        "TICKET_KEY": "only for tests' tickets",
        "SEALING_KEYS": SEALING_KEY,
        "PARTNER_WEBHOOK_SECRET": PARTNER_SECRET,
        "PAYMENT_WEBHOOK_SECRET": f"whsec_the_next,{PAYMENT_SECRET}",
        "PRINT_ROOM_WEBHOOK_SECRET": PRINT_ROOM_SECRET,
        "WAREHOUSE_WEBHOOK_SECRET": f"{NEXT_WAREHOUSE_SECRET},{WAREHOUSE_SECRET}",
        "SANDBOX_TOKEN": TOKEN,
        "RATE_LIMITS": "false",
        "WEBHOOK_PRIVATE_HOSTS": f"127.0.0.1:{ports['SANDBOX_PORT']}",
        **ports,
    }
