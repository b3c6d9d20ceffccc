"""The Dockerfile, as far as it can be looked at without an engine."""

import subprocess
import tomllib

from tests.deploy.composed import BIN, ROOT, services

DOCKERFILE = (ROOT / "Dockerfile").read_text()
APP = DOCKERFILE[DOCKERFILE.index("AS app") :]


def hadolint(text: str) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "hadolint"), "--no-color", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)  # noqa: S603  ours


def test_the_linter_finds_nothing_and_would() -> None:
    assert hadolint(DOCKERFILE).stdout == ""
    assert "DL3003" in hadolint(DOCKERFILE + "\nRUN cd /tmp\n").stdout


def test_every_app_is_in_the_image_and_in_the_context() -> None:
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    context = (ROOT / ".dockerignore").read_text().splitlines()

    for app in " | ".join(layers["contracts"][0]["layers"]).split(" | "):
        assert f"COPY {app} {app}\n" in APP
        assert f"!{app}" in context


def test_what_is_copied_is_in_the_context() -> None:
    context = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    copies = [line.split()[1:-1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ")]
    wanted = {path for copy in copies for path in copy if not copy[0].startswith("--from")}

    assert wanted == context
    assert all((ROOT / path).exists() for path in wanted)


def test_neither_image_ends_as_root() -> None:
    for stage in (APP, DOCKERFILE[DOCKERFILE.index("AS sandbox\n") : DOCKERFILE.index("AS app")]):
        assert stage.count("USER 10001:10001") == 1
        assert stage.index("USER") > stage.rindex("RUN")


def test_the_image_alone_runs_what_the_composition_runs() -> None:
    command = DOCKERFILE[DOCKERFILE.rindex("CMD [") :]

    assert all(f'"{word}"' in command for word in services()["web"]["command"])
