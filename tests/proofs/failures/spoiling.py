"""Every spoilt form of a good message, and what is no message at all."""

import base64
import copy
import json
from typing import Any

from hypothesis import strategies as st

from tests.proofs.failures.nonsense import BODY, COMMAND, HEADERS, message

ODD_TEXTS = ["", "x", "\0", "\ud800", "\u202e", "x" * 20_000, "base64"]
ODD_OBJECTS = [[], [None], ["x"], [[[]]], {}, {"x": 1}, {"__type__": "uuid", "__value__": "x"}]
ODD_NUMBERS = [None, True, 0, -1, 1.5, 10**30, 10**300]
ODD = st.sampled_from([*ODD_TEXTS, *ODD_OBJECTS, *ODD_NUMBERS])


def _paths(found: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every part of it."""
    parts: list[Any] = []
    if isinstance(found, dict):
        parts = list(found.items())
    elif isinstance(found, list):
        parts = list(enumerate(found))
    below = [path for key, value in parts for path in _paths(value, (*above, key))]
    return [*([above] if above else []), *below]


@st.composite
def spoilt(draw: st.DrawFn, good: Any, headers: Any) -> bytes:
    """A good message in which some parts are odd, missing, or too many."""
    whole: Any = copy.deepcopy(message(good, headers))
    for path in draw(st.lists(st.sampled_from(_paths(whole)), min_size=1, max_size=3)):
        _spoil(whole, path, draw(st.sampled_from(["put", "drop", "add"])), draw(ODD))
    if "body" in whole and draw(st.integers(0, 3)):
        whole["body"] = base64.b64encode(json.dumps(whole["body"]).encode()).decode()
    return json.dumps(whole).encode()


def _spoil(whole: Any, path: tuple[Any, ...], how: str, odd: Any) -> None:
    place, last, odd = whole, path[-1], copy.deepcopy(odd)
    for key in path[:-1]:
        try:
            place = place[key]
        except (KeyError, IndexError, TypeError):
            return  # spoilt away already
    if how == "add" and isinstance(place, dict):
        place[str(odd)] = odd
    elif isinstance(place, dict) and how == "drop":
        place.pop(last, None)
    elif isinstance(place, dict) or (isinstance(place, list) and last in range(len(place))):
        place[last] = odd


NONE_AT_ALL = st.binary(min_size=1, max_size=200) | ODD.map(lambda odd: json.dumps(odd).encode())
MARKER = HEADERS | {"task": "deferral.marker"}
MARKED = [[], {"queue": "critical", "sent": "2026-01-01T00:00:00+00:00"}, {}]
MESSAGES = st.one_of(spoilt(BODY, HEADERS), spoilt(MARKED, MARKER), NONE_AT_ALL)
COMMANDS = st.one_of(spoilt(COMMAND, {"clock": 5, "expires": 0}), NONE_AT_ALL)
