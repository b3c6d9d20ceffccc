"""Where the sockets stand."""

import os
from pathlib import Path

import pytest

from launcher.servers.errors import ServerFailed
from launcher.servers.sockets import socket_dir


def test_two_folders_never_share_their_sockets(tmp_path: Path) -> None:
    assert socket_dir(tmp_path / "ONE") != socket_dir(tmp_path / "OTHER")


def test_a_shared_folder_somebody_else_made_is_refused(tmp_path: Path) -> None:
    home = tmp_path / ("x" * 131)
    made = socket_dir(home)
    made.chmod(0o755)
    with pytest.raises(ServerFailed, match="not a private folder"):
        socket_dir(home)

    made.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(made, 65534, 65534)
        with pytest.raises(ServerFailed, match="not a private folder"):
            socket_dir(home)
