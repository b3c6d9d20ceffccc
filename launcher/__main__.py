"""The commands behind `make up`, `status`, `logs`, `manage`, `stop` and `reset`."""

import argparse
import sys

from launcher.environment import keep_the_shops_time
from launcher.errors import Refused
from launcher.logs import logs
from launcher.manage import manage
from launcher.options import Options, read_options
from launcher.servers.errors import ServerFailed
from launcher.start import up
from launcher.status import status
from launcher.stop import reset, stop

COMMANDS = {"up": up, "status": status, "stop": stop, "reset": reset}


def main() -> int:
    """Run one command; what the person can mend is one sentence and exit code 1."""
    keep_the_shops_time()
    try:
        return _run(_parser().parse_args(), read_options())
    except (Refused, ServerFailed) as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1


def _run(arguments: argparse.Namespace, options: Options) -> int:
    if arguments.command == "logs":
        return logs(options, arguments.words)
    if arguments.command == "manage":
        return manage(options, arguments.words)
    return COMMANDS[arguments.command](options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m launcher",
        description="Runs Halyard on one machine.",
        epilog="Variables: DATA_DIR, WEB_PORT, FLOWER_PORT, MAIL_PORT, SANDBOX_SMTP_PORT, "
        "SANDBOX_PORT, DATABASE_URL, BROKER_URL (both replace an embedded server), "
        "YES=1 (for reset).",
    )
    choices = [*COMMANDS, "logs", "manage"]
    parser.add_argument("command", nargs="?", default="up", choices=choices)
    words = "for logs: only these processes; for manage: one of Django's commands"
    parser.add_argument("words", nargs=argparse.REMAINDER, help=words)
    return parser


if __name__ == "__main__":
    sys.exit(main())
