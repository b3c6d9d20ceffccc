"""Flower's configuration in a container: its login comes from a file, as all secrets do."""

from pathlib import Path

# user:password. Without it Flower must not start: it shows every task to whoever asks.
basic_auth = [Path("/run/secrets/flower_login").read_text().strip()]
if ":" not in basic_auth[0]:
    raise SystemExit("flower_login must hold user:password")
