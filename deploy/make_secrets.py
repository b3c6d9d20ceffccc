"""`python3 deploy/make_secrets.py [--demo]`: a file for each secret docker-compose.yml names.

Made once; what stands in a file is never changed. The folder is closed to others (0700) and the
files in it can be read by anybody (0444): a container's user is nobody here, and is shown the one
file alone. Secrets that only you can know are left empty, named, and open to you (0644).
"""

import argparse
import base64
import secrets
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

FOLDER = Path(__file__).parent / "secrets"
MAKERS: dict[str, Callable[[], str]] = {
    "secret_key": lambda: secrets.token_urlsafe(50),
    "ticket_key": lambda: secrets.token_urlsafe(32),
    "sealing_keys": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "database_password": lambda: secrets.token_urlsafe(24),
    # Given to the partner, and to each supplier its own.
    **dict.fromkeys(
        ("partner_webhook_secret", "print_room_webhook_secret", "warehouse_webhook_secret"),
        lambda: "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
    ),
    "flower_login": lambda: "harbour@halyard.example:" + secrets.token_urlsafe(12),
    # A line of Valkey's configuration; `broker_url` is made of it.
    "valkey_auth": lambda: f"requirepass {secrets.token_urlsafe(24)}\n",
    "cache_auth": lambda: f"requirepass {secrets.token_urlsafe(24)}\n",  # and `cache_url`
}
# Addresses that are made of a password and a server's name.
OURS = {"broker_url": ("valkey_auth", "valkey"), "cache_url": ("cache_auth", "cache")}
GIVEN = (
    "payment_secret_key",
    "payment_webhook_secret",
    "smtp_password",
    "mail_provider_key",
    "mail_provider_login",
    "bucket_secret",
    "ai_key",
    "sms_key",
    "demo_password",
)  # empty unless somebody knows better
# Of who has a bucket, a mail provider, an AI service, or sends SMS.
NEEDLESS = {"bucket_secret", "mail_provider_key", "mail_provider_login", "ai_key", "sms_key"}
DEMO: dict[str, Callable[[], str]] = {
    "payment_secret_key": lambda: "sk_test_halyard",
    "payment_webhook_secret": lambda: "whsec_" + secrets.token_urlsafe(32),
    "demo_password": lambda: secrets.token_urlsafe(12),
    "ai_key": lambda: "sandbox",
    "sms_key": lambda: "sandbox",
}


def make(folder: Path, *, demo: bool) -> list[str]:
    """Write what is missing; return the names that were left empty."""
    folder.mkdir(mode=0o700, exist_ok=True)
    makers = dict.fromkeys(GIVEN, str) | MAKERS | (DEMO if demo else {})
    for name, maker in makers.items():
        _keep(folder / name, maker)
    for name, (auth, server) in OURS.items():
        _keep(folder / name, partial(_url, folder / auth, server))
    for name in (*makers, *OURS):
        path = folder / name
        path.chmod(0o444 if path.read_text() else 0o644)
    wanted = [name for name in makers if name not in NEEDLESS and (demo or name != "demo_password")]
    return [name for name in wanted if not (folder / name).read_text()]


def _keep(path: Path, maker: Callable[[], str]) -> None:
    if not path.exists():
        path.write_text(maker())


def _url(auth: Path, server: str) -> str:
    """Of a server of the composition's own. Another's address is written in its place."""
    password = auth.read_text().split()[-1]
    return f"redis://:{password}@{server}:6379/0"


def main() -> None:
    """Make them and say what is left to do."""
    parser = argparse.ArgumentParser(description="Makes the files of docker-compose.yml's secrets.")
    parser.add_argument("--demo", action="store_true", help="for the sandbox: fill all of them")
    empty = make(FOLDER, demo=parser.parse_args().demo)
    sys.stdout.write(f"Secrets are in {FOLDER}. Still empty: {', '.join(empty) or 'none'}.\n")


if __name__ == "__main__":
    main()
