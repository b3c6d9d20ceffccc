"""A storm can be repeated from its seed, and everything that was promised is in it."""

from collections import Counter

import pytest

from tests.proofs.chaos.options import Options, read_options
from tests.proofs.chaos.plan import plan


def test_the_same_seed_is_the_same_storm() -> None:
    assert plan(Options(seed=7)) == plan(Options(seed=7))
    assert plan(Options(seed=7)) != plan(Options(seed=8))


@pytest.mark.parametrize("seed", range(5))
def test_a_full_storm_kills_all_kinds_wipes_twice_and_restarts_the_database(seed: int) -> None:
    acts = Counter(deed.act for deed in plan(Options(seed=seed)))

    assert (acts["wipe"], acts["database"], acts["outage"], acts["over"]) == (2, 1, 1, 1)
    assert acts["child"] + acts["worker"] + acts["relay"] > 120
    assert min(acts["child"], acts["worker"], acts["relay"]) > 20


def test_a_system_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_options(["sidekiq"])

    assert "no such system: sidekiq" in capsys.readouterr().err
