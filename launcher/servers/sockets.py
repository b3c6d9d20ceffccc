"""Where unix sockets can stand: a short, plain path that nobody else can enter."""

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

from launcher.servers.errors import ServerFailed

LONGEST = 107  # bytes in sockaddr_un.sun_path, less the closing zero
ROOM = 32  # for the longest name in it
# Upper case too is kept out: URL parsers lower-case the host part, where the directory stands.
PLAIN = re.compile(r"[a-z0-9/._-]+")


def socket_dir(data_dir: Path) -> Path:
    """`data_dir/run`, or a private folder in the shared temp folder where that path is unfit.

    Made when missing, 0700. A folder in the shared place is refused unless it is ours alone:
    somebody could have put it there first.
    """
    chosen = next(filter(_fits, _candidates(data_dir)), None)
    if chosen is None:
        msg = f"No short path for the sockets of {data_dir}: set TMPDIR to one."
        raise ServerFailed(msg)
    chosen.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_others(chosen)
    return chosen


def _candidates(data_dir: Path) -> list[Path]:
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    name = f"halyard-{os.geteuid()}-{digest}"
    return [data_dir / "run", Path(tempfile.gettempdir()) / name, Path("/tmp") / name]  # noqa: S108  owner and mode are checked


def _fits(directory: Path) -> bool:
    length = len(os.fsencode(directory)) + ROOM
    return length <= LONGEST and PLAIN.fullmatch(str(directory)) is not None


def _refuse_others(directory: Path) -> None:
    found = directory.lstat()
    private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o700
    if not (private and found.st_uid == os.geteuid()):
        msg = f"{directory} is not a private folder of yours (0700): remove it."
        raise ServerFailed(msg)
