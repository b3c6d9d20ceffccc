"""Running PostgreSQL as root, which it refuses: as nobody, who may still read our files."""

import os
import shutil
import subprocess
from signal import Signals

from launcher.servers.errors import ServerFailed

NOBODY = 65534


def unprivileged(death_signal: Signals) -> list[str]:
    """What to put in front of a PostgreSQL command: nothing, or as root `setpriv` and its options.

    dac_override lets nobody's process enter directories that are root's alone, so none has to
    be opened; no_setuid_fixup lets access(2), by which PostgreSQL looks for its own program,
    see it too. The death signal is asked for again: a change of user clears it.
    """
    if os.geteuid() != 0:
        return []
    return [
        "setpriv",
        f"--reuid={NOBODY}",
        f"--regid={NOBODY}",
        "--clear-groups",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
        "--securebits=+no_setuid_fixup",
        f"--pdeathsig={death_signal.name.removeprefix('SIG')}",
    ]


def check() -> None:
    """Refuse, with the way out, where root cannot become nobody."""
    prefix = unprivileged(Signals.SIGKILL)
    if not prefix:
        return
    advice = "Start as an ordinary user, or set DATABASE_URL to a PostgreSQL of yours."
    if shutil.which("setpriv") is None:
        msg = f"PostgreSQL refuses root, and setpriv is missing. {advice}"
        raise ServerFailed(msg)
    trial = subprocess.run(  # noqa: S603  fixed words
        [*prefix, "true"], capture_output=True, text=True, check=False
    )
    if trial.returncode:
        msg = f"PostgreSQL refuses root: {trial.stderr.strip()}. {advice}"
        raise ServerFailed(msg)
