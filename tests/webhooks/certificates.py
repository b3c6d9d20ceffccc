"""Certificates of authorities that only a test knows, by the `openssl` of this machine."""

import subprocess
from pathlib import Path

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "2"]


def an_authority(folder: Path) -> Path:
    """Its certificate; the key stands beside it."""
    folder.mkdir()
    made = folder / "authority.pem"
    _openssl("-x509", *KEY, "-subj", "/CN=An authority", "-keyout", f"{made}.key", "-out", made)
    return made


def a_certificate(authority: Path, name: str) -> Path:
    """For this name, signed by it, and the key, in one file."""
    made, key = authority.with_name(f"{name}.pem"), authority.with_name(f"{name}.key")
    named = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    leaf = ["-addext", "basicConstraints=critical,CA:FALSE"]
    signed = ["-CA", str(authority), "-CAkey", f"{authority}.key"]
    _openssl("-x509", *KEY, *named, *leaf, *signed, "-keyout", key, "-out", made)
    made.write_text(made.read_text() + key.read_text())
    return made


def _openssl(*arguments: str | Path) -> None:
    command = ["openssl", "req", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, timeout=30)  # noqa: S603 - ours
