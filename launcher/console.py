"""What a person reads."""

import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

from launcher.memory import memory_of
from launcher.options import DEMO_USER, Options


def say(line: str) -> None:
    """Print a line. A terminal that has gone away stops nothing."""
    with suppress(OSError, ValueError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def announce_ready(options: Options, env: Mapping[str, str], *, began: float) -> None:
    """The closing lines of a start; `began` is Unix time."""
    say(f"\nREADY after {time.time() - began:.1f} s, memory {memory_of(os.getpid())}\n")
    for line in address_lines(options, env):
        say(line)
    say(f"\n  Logs are in {options.logs} (make logs). Ctrl-C stops everything.")


def address_lines(options: Options, env: Mapping[str, str]) -> list[str]:
    """Where everything is, and how one gets in."""
    login = _login(DEMO_USER, env["DEMO_PASSWORD"], "DEMO_PASSWORD")
    user, _, password = env["FLOWER_BASIC_AUTH"].partition(":")
    own = "FLOWER_BASIC_AUTH" if os.environ.get("FLOWER_BASIC_AUTH") else "FLOWER_PASSWORD"
    table = (
        ("Shop", options.address("WEB_PORT"), ""),
        ("Admin", options.address("WEB_PORT", "/admin/"), login),
        ("Flower", options.address("FLOWER_PORT"), _login(user, password, own)),
        ("Inbox", options.address("MAIL_PORT"), "every mail the shop sends"),
        ("Sandbox", options.address("SANDBOX_PORT"), "the world outside, with fault buttons"),
    )
    return [f"  {name:<8} {address:<30} {note}".rstrip() for name, address, note in table]


def _login(user: str, password: str, variable: str) -> str:
    """A password somebody set is known to them, and is not shown."""
    shown = f"the one in {variable}" if os.environ.get(variable) else password
    return f"login {user}, password {shown}"
