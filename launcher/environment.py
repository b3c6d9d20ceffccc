"""The environment all programs share. What the person has set wins."""

import os
import time
from collections.abc import Mapping

from launcher.options import DEMO_USER, Options
from launcher.workers import thread_queues

# (variable, variable of the port it stands on, path)
ADDRESSES = (
    ("SITE_URL", "WEB_PORT", ""),
    ("PAYMENT_API_BASE", "SANDBOX_PORT", "/payment"),
    ("PAYMENT_WEBHOOK_URL", "WEB_PORT", "/payments/webhook/"),
    ("SUPPLIER_WEBHOOK_URL", "WEB_PORT", "/suppliers"),
    ("PRINT_ROOM_URL", "SANDBOX_PORT", "/print-room"),
    ("WAREHOUSE_URL", "SANDBOX_PORT", "/warehouse"),
    ("BOX_OFFICE_URL", "SANDBOX_PORT", "/box-office"),
    ("PARTNER_URL", "SANDBOX_PORT", "/partner/webhooks"),
    ("MAIL_ASK_URL", "MAIL_PORT", ""),
    ("ANALYTICS_URL", "SANDBOX_PORT", "/analytics"),
    ("CRM_URL", "SANDBOX_PORT", "/crm"),
    ("AUDIT_ARCHIVE_URL", "SANDBOX_PORT", "/audit-archive"),
    ("AI_URL", "SANDBOX_PORT", "/ai"),
    ("SMS_URL", "SANDBOX_PORT", "/sms"),
)
# The sandbox lets in whoever has any key. The prices are what such a service may take, in cents.
OF_THE_SANDBOX = {
    "AI_KEY": "sandbox",
    "AI_MODEL": "sandbox",
    "AI_PRICE_IN": "15",
    "AI_PRICE_OUT": "60",
    "SMS_KEY": "sandbox",
}
# The shop's own zone, so that pages, terminal and logs show the same times.
ZONE = {"TIME_ZONE": "Europe/Berlin"}
NOT_FOR_CHILDREN = {"NOTIFY_SOCKET", "PYTHONDONTWRITEBYTECODE"}


def keep_the_shops_time() -> str:
    """Have this process and all it starts live in the shop's zone, whose name is returned.

    TIME_ZONE decides, also where the machine stands in another one.
    """
    zone = os.environ.get("TIME_ZONE") or ZONE["TIME_ZONE"]
    os.environ["TZ"] = zone
    time.tzset()
    return zone


def shared_environment(
    options: Options, kept: Mapping[str, str], servers: Mapping[str, str]
) -> dict[str, str]:
    """Addresses, ports, zone, secrets, servers (DATABASE_URL and others) over today's environment.

    libpq's own variables are left out: PGPORT or PGHOST would lead away from DATABASE_URL. So
    is NOTIFY_SOCKET, which was meant for us, and PYTHONDONTWRITEBYTECODE, which would have a
    dozen processes compile everything at every start (1.2 s of CPU each).
    """
    set_already = {name: value for name, value in os.environ.items() if value}
    addresses = {name: options.address(port, path) for name, port, path in ADDRESSES}
    # Where webhooks may go although it is on this machine.
    addresses["WEBHOOK_PRIVATE_HOSTS"] = f"127.0.0.1:{options.ports['SANDBOX_PORT']}"
    ports = {name: str(port) for name, port in options.ports.items()}
    ours = {"DATA_DIR": str(options.data_dir), "PYTHONUNBUFFERED": "1", **ports}
    ours["DEFERRAL_THREAD_QUEUES"] = thread_queues()
    ours["SUPERVISOR_STATE"] = str(options.state_file)  # for the doctor
    usual = {"MALLOC_ARENA_MAX": "2", **ZONE, **OF_THE_SANDBOX}
    merged = {**usual, **addresses, **kept, **servers, **set_already, **ours}
    merged.setdefault("FLOWER_BASIC_AUTH", f"{DEMO_USER}:{merged.pop('FLOWER_PASSWORD', '')}")
    return {name: value for name, value in merged.items() if not _misleading(name)}


def _misleading(name: str) -> bool:
    return name in NOT_FOR_CHILDREN or (name.startswith("PG") and name.isupper())
