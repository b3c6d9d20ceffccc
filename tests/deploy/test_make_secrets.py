"""The secrets of a composition: made once, closed to others, honest about what is missing."""

import importlib.util
from pathlib import Path

from tests.deploy.composed import ROOT

SPEC = importlib.util.spec_from_file_location("make_secrets", ROOT / "deploy" / "make_secrets.py")
assert SPEC
assert SPEC.loader
make_secrets = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(make_secrets)


def test_a_production_is_told_what_only_it_can_know(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    empty = make_secrets.make(folder, demo=False)

    assert empty == ["payment_secret_key", "payment_webhook_secret", "smtp_password"]
    writable = {path.name for path in folder.iterdir() if path.stat().st_mode & 0o200}
    assert writable == {*empty, "demo_password", *make_secrets.NEEDLESS}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len({path.read_text() for path in folder.iterdir() if path.read_text()}) == 12


def test_a_demonstration_lacks_nothing_but_a_mail_password(tmp_path: Path) -> None:
    assert make_secrets.make(tmp_path / "secrets", demo=True) == ["smtp_password"]
    assert (tmp_path / "secrets" / "payment_secret_key").read_text() == "sk_test_halyard"


def test_what_is_there_is_never_changed(tmp_path: Path) -> None:
    make_secrets.make(tmp_path, demo=False)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert "demo_password" in make_secrets.make(tmp_path, demo=True)

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before
