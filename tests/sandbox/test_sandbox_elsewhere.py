"""The sandbox in a container: another name, secrets in files."""

from pathlib import Path

import pytest
import requests

from sandbox.settings import BadSettings, read_settings
from tests.rig.ports import free_ports
from tests.rig.running_sandbox import running_sandbox


@pytest.mark.usefixtures("starts_processes")
def test_it_answers_to_the_name_it_is_given_and_to_no_other(tmp_path: Path) -> None:
    one, two, three = free_ports(3)
    name = {"SANDBOX_HOST": "127.0.0.1", "SANDBOX_NAME": "sandbox"}
    with running_sandbox(tmp_path, ports=(one, two, three), **name) as sandbox:

        def status(host: str) -> int:
            asked = requests.get(f"{sandbox.url}/healthz", headers={"Host": host}, timeout=5)
            return asked.status_code

        assert [status(host) for host in ("sandbox:8001", "sandbox", "127.0.0.1")] == [200] * 3
        assert status("rebound.example:8001") == 421


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk_test_of_ours\n")

    found = read_settings({"PAYMENT_SECRET_KEY_FILE": str(tmp_path / "key"), "SANDBOX_TOKEN": "t"})

    assert (found.payment_key, found.token) == ("sk_test_of_ours", "t")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="SANDBOX_TOKEN_FILE"):
        read_settings({"SANDBOX_TOKEN_FILE": str(tmp_path / "nothing")})
