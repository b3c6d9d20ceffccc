"""Cycles are looked for as often as it was measured to be cheap."""

import gc

from config.collecting import NEW_OBJECTS


def test_whoever_loads_the_settings_looks_for_cycles_less_often() -> None:
    assert gc.get_threshold() == (NEW_OBJECTS, 10, 10)
