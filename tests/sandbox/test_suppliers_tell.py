"""The sandbox's suppliers: seconds after they have accepted they tell of parcels, as they like."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.rig.listening import listening
from tests.rig.running_sandbox import Sandbox, running_sandbox
from tests.rig.surroundings import PRINT_ROOM_SECRET, WAREHOUSE_SECRET
from tests.rig.waiting import eventually

WHOLE = ["announced", "delivered", "on_its_way", "packed"]


@dataclass
class Shop:
    """The shop's side: thanks for everything, remembers what came, and where."""

    came: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    @property
    def states(self) -> list[str]:
        return [json.loads(raw)["type"].removeprefix("shipment.") for _, raw, _ in self.came]


@pytest.fixture
def shop() -> Iterator[tuple[Shop, str]]:
    shop = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            shop.came.append((self.path, raw, headers))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with listening(server):
        yield shop, f"http://127.0.0.1:{server.server_address[1]}"


@pytest.fixture
def telling(starts_processes: None, shop: tuple[Shop, str], tmp_path: Path) -> Iterator[Sandbox]:
    with running_sandbox(
        tmp_path,
        SUPPLIER_WEBHOOK_URL=shop[1],
        PRINT_ROOM_WEBHOOK_SECRET=PRINT_ROOM_SECRET,
        WAREHOUSE_WEBHOOK_SECRET=WAREHOUSE_SECRET,
    ) as running:
        yield running


def comes(found: Callable[[], bool]) -> None:
    eventually(found, patience=8)


def test_a_reservation_is_told_of_signed_to_its_end_out_of_order_and_twice(
    telling: Sandbox, shop: tuple[Shop, str]
) -> None:
    telling.reserve("H-1-abcdefgh", "k-1")
    comes(lambda: sorted(set(shop[0].states)) == WHOLE and len(shop[0].came) >= 5)

    path, raw, headers = shop[0].came[0]
    assert path == "/warehouse/notices/"
    assert Webhook(WAREHOUSE_SECRET).verify(raw, headers)["data"]["order"] == "H-1-abcdefgh"
    states = shop[0].states
    assert states.index("on_its_way") < states.index("packed")
    assert states.count("on_its_way") == 2


def test_a_repeated_reservation_is_told_of_once(telling: Sandbox, shop: tuple[Shop, str]) -> None:
    for _ in range(3):
        telling.reserve("H-1-abcdefgh", "k-1")
    comes(lambda: "delivered" in shop[0].states and len(shop[0].came) >= 5)

    assert shop[0].states.count("announced") == 1


@pytest.mark.parametrize("mode", ["notices-silent", "notices-never"])
def test_a_silent_one_tells_nothing_and_answers_or_not(
    telling: Sandbox, shop: tuple[Shop, str], mode: str
) -> None:
    telling.fault("warehouse", mode=mode)
    telling.reserve("H-1-abcdefgh", "k-1")

    def answer() -> list[Any]:
        found = telling.post("/warehouse/inquiries", {"order": "H-1-abcdefgh"}, "ask-1").json()
        shipments: list[Any] = found["shipments"]
        return shipments

    if mode == "notices-silent":
        comes(lambda: [one["type"] for one in answer()] == ["shipment.delivered"])
    else:
        time.sleep(1)
        assert answer() == []
    assert shop[0].came == []


@pytest.mark.parametrize(
    ("mode", "states"),
    [
        ("notices-disordered", ["delivered", "on_its_way", "on_its_way", "packed", "announced"]),
        ("notices-twice", [state for state in WHOLE for _ in range(2)]),
    ],
)
def test_one_that_mixes_things_up_tells_all_the_same(
    telling: Sandbox, shop: tuple[Shop, str], mode: str, states: list[str]
) -> None:
    telling.fault("warehouse", mode=mode)
    telling.reserve("H-1-abcdefgh", "k-1")
    comes(lambda: len(shop[0].came) >= len(states))

    assert sorted(shop[0].states) == sorted(states)
    if mode == "notices-disordered":
        assert shop[0].states[0] == "delivered"


def test_one_that_signs_wrongly_and_one_that_tells_of_anothers(
    telling: Sandbox, shop: tuple[Shop, str]
) -> None:
    telling.fault("warehouse", mode="notices-forged")
    telling.fault("print-room", mode="notices-foreign")
    telling.reserve("H-1-abcdefgh", "k-1")
    telling.reserve("H-1-abcdefgh", "k-1", where="print-room")
    comes(lambda: {path for path, *_ in shop[0].came} >= {"/warehouse/notices/"} and _both(shop[0]))

    for path, raw, headers in shop[0].came:
        if path.startswith("/warehouse"):
            with pytest.raises(WebhookVerificationError):
                Webhook(WAREHOUSE_SECRET).verify(raw, headers)
        else:
            data = Webhook(PRINT_ROOM_SECRET).verify(raw, headers)["data"]
            assert data["order"] != "H-1-abcdefgh"


def _both(shop: Shop) -> bool:
    return len({path for path, *_ in shop.came}) == 2


def test_what_was_planned_outlives_a_crash(telling: Sandbox, shop: tuple[Shop, str]) -> None:
    telling.reserve("H-1-abcdefgh", "k-1")
    telling.kill()
    telling.start_again()

    comes(lambda: sorted(set(shop[0].states)) == WHOLE)


def test_a_release_calls_off_what_has_not_happened(
    telling: Sandbox, shop: tuple[Shop, str]
) -> None:
    telling.reserve("H-1-abcdefgh", "k-1")
    body = {"order": "H-1-abcdefgh", "lines": [{"sku": "mug", "quantity": 1}]}
    telling.post("/warehouse/releases", body, "k-2")
    time.sleep(1.2)

    assert "delivered" not in shop[0].states


def test_a_release_of_a_part_calls_off_that_part(telling: Sandbox, shop: tuple[Shop, str]) -> None:
    telling.reserve("H-1-abcdefgh", "k-1")
    first = {"order": "H-1-abcdefgh", "lines": [{"sku": "mug", "quantity": 1}]}
    telling.post("/warehouse/releases", first | {"part": "H-1-abcdefgh:r1"}, "k-2")
    two = {"order": "H-2-abcdefgh", "lines": [{"sku": "mug", "quantity": 2}]}
    telling.post("/warehouse/reservations", two, "k-3")
    one = two | {"lines": [{"sku": "mug", "quantity": 1}], "part": "H-2-abcdefgh:r1"}
    telling.post("/warehouse/releases", one, "k-4")
    comes(lambda: "delivered" in shop[0].states)

    told = [json.loads(raw) for _, raw, _ in shop[0].came]
    sent = [one["data"] for one in told if one["type"] == "shipment.delivered"]
    assert [(data["order"], data["lines"]) for data in sent] == [
        ("H-2-abcdefgh", [{"sku": "mug", "quantity": 1}])
    ]


def test_only_those_that_carry_can_be_made_silent(telling: Sandbox) -> None:
    assert telling.fault("box-office", mode="notices-silent").status_code == 400
    assert telling.fault("payment", mode="notices-twice").status_code == 400
    assert telling.fault("warehouse", mode="refund-fails").status_code == 400
