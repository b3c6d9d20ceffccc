"""Whatever happens, in whatever order: no effect is lost, none is doubled, none has no cause."""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.proofs.machine.machine import ShopMachine


@pytest.mark.xdist_group("machine")
@pytest.mark.timeout(0)  # the profile says how long
@pytest.mark.usefixtures("shop")
def test_nothing_is_lost_or_doubled_whatever_happens() -> None:
    run_state_machine_as_test(ShopMachine)
