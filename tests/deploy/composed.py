"""docker-compose.yml as the real Compose reads it."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
DEMO = ROOT / "deploy" / "demo.env"
PRODUCTION = ROOT / "deploy" / "production.env.example"


def compose(
    *arguments: str, file: Path = ROOT / "docker-compose.yml", env_file: Path = DEMO
) -> subprocess.CompletedProcess[str]:
    """Run it, with nothing of this environment's own variables."""
    command = [str(BIN / "docker-compose"), "-f", str(file), "--env-file", str(env_file)]
    return subprocess.run(  # noqa: S603  our own installation's
        [*command, "--project-directory", str(ROOT), *arguments],
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )


@cache
def services(env_file: Path = DEMO) -> dict[str, Any]:
    """Every service, all profiles on, every variable filled in."""
    answer = compose("--profile", "*", "config", "--format", "json", env_file=env_file)
    assert answer.returncode == 0, answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)["services"]
    return found
