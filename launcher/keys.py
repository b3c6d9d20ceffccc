"""The secrets of a laptop: made once, kept in the data directory, never on a command line."""

import base64
import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

MAKERS: Mapping[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "TICKET_KEY": lambda: secrets.token_urlsafe(32),
    "SEALING_KEYS": lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "DEMO_PASSWORD": lambda: secrets.token_urlsafe(12),
    "FLOWER_PASSWORD": lambda: secrets.token_urlsafe(12),
    "SANDBOX_TOKEN": lambda: secrets.token_urlsafe(24),
    "PARTNER_WEBHOOK_SECRET": lambda: whsec(),
    "PAYMENT_WEBHOOK_SECRET": lambda: whsec(),
    "PRINT_ROOM_WEBHOOK_SECRET": lambda: whsec(),
    "WAREHOUSE_WEBHOOK_SECRET": lambda: whsec(),
}


def whsec() -> str:
    """A secret in the form Standard Webhooks asks for."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def kept_secrets(data_dir: Path) -> dict[str, str]:
    """All secrets; those that are not there yet are made and kept first (mode 0600)."""
    path = data_dir / "secrets.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = {name: make() for name, make in MAKERS.items() if name not in kept}
    if missing:
        _write(path, kept | missing)
    return kept | missing


def _write(path: Path, kept: Mapping[str, str]) -> None:
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(kept, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
