"""What is printed and what is kept."""

import json
import math
from pathlib import Path

import pytest

from tests.bench import report
from tests.bench.options import PARTS, Options, read_options
from tests.bench.results import Result
from tests.bench.statistics import at_least, at_most
from tests.bench.table import as_text
from tests.bench.truth import Differs
from tests.bench.turns import Part, take_turns

RESULT = Result(
    "throughput",
    "Orders settled",
    rows=[{"way": "ours", "orders/s": 40.5}, {"way": "the usual", "relay": 1}],
    marks=[at_least("ratio", 1.3, 1.2, "x"), at_most("p99", math.nan, 1, "s")],
    load=0.5,
)


def test_the_table_says_which_marks_were_met_and_how_busy_the_machine_was() -> None:
    assert as_text(RESULT).splitlines() == [
        "Orders settled  (load 0.5 before, 0 s)",
        "  way        orders/s  relay",
        "  ours           40.5       ",
        "  the usual                1",
        "  met    ratio: 1.3 x (>= 1.2 x)",
        "  MISSED p99: nan s (<= 1 s)",
    ]


def test_a_part_that_failed_is_named_and_the_others_are_measured(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(*_: object) -> Result:
        raise Differs("one order is not in the books")

    parts: dict[str, Part] = {"inline": fails, "relay": lambda *_: RESULT}
    first, second = take_turns(parts, None, Options(parts=tuple(parts)))  # type: ignore[arg-type]

    assert (first.part, first.failure) == ("inline", "one order is not in the books")
    assert second is RESULT
    assert "FAILED one order is not in the books" in capsys.readouterr().out


def test_the_file_is_json_that_every_reader_takes(tmp_path: Path) -> None:
    path = tmp_path / "new" / "bench.json"
    report.write(path, [RESULT], ["throughput"])

    kept = json.loads(path.read_text(), parse_constant=lambda name: pytest.fail(name))
    [part] = kept["parts"]
    assert kept["schema"] == report.SCHEMA
    assert part["rows"] == RESULT.rows
    assert [(mark["value"], mark["met"]) for mark in part["marks"]] == [(1.3, True), (None, False)]


def test_without_names_every_part_is_run() -> None:
    assert read_options([]).parts == PARTS


def test_parts_are_run_in_their_own_order_each_once() -> None:
    assert read_options(["relay", "inline", "relay"]).parts == ("inline", "relay")


def test_a_part_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_options(["inlnie"])
    assert "no such part: inlnie" in capsys.readouterr().err


def test_a_smoke_run_is_small_and_may_still_have_rounds() -> None:
    assert read_options(["--quick", "--rounds", "2"]).rounds == 2
    assert read_options(["--quick"]).burst < read_options([]).burst
