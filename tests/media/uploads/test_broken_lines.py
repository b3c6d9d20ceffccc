"""200 MB over a line that breaks thrice, to the real server of the shop, killed once as well."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from media.models import Upload
from shop.models import Product
from tests.deferral.staff import sitting
from tests.media.uploads.lines import Sender
from tests.media.uploads.sending import HEAD, finish
from tests.rig.processes import Processes
from tests.rig.servers import database_url, scratch_folder
from tests.rig.stocking import stock_shop

pytestmark = [pytest.mark.timeout(300), pytest.mark.django_db(transaction=True)]

SIZE = 200_000_000
# Bytes that a process of the web may need beyond what it has: a few parts, on their way.
ROOM = 60_000_000


@pytest.fixture
def shop(starts_processes: None, tmp_path: Path) -> Iterator[Processes]:
    """Its web alone, with the disk of this test."""
    processes = Processes(
        scratch=scratch_folder(), env={"DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path)}
    )
    processes.serve()
    yield processes
    processes.end()


def whole() -> bytes:
    """A film by its first bytes, whose parts are all different."""
    return HEAD + hashlib.shake_128(b"a film").digest(SIZE - len(HEAD))


def most_memory(shop: Processes) -> int:
    """Bytes that the largest process of the web has had at once."""
    pid = shop.named("web").pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = [Path(f"/proc/{one}/status").read_text() for one in children]
    peaks = [int(each.partition("VmHWM:")[2].split()[0]) * 1024 for each in found]
    return max(peaks)


def test_200_mb_arrive_over_a_line_that_breaks_thrice(shop: Processes) -> None:
    stock_shop()
    staff, product = sitting(superuser=True), Product.objects.all()[0]
    page = staff.get(f"/admin/shop/product/{product.pk}/film/send/").content.decode()
    [ticket] = re.findall(r'name="ticket" value="([^"]+)"', page)
    sender = Sender(shop.address, staff, whole())
    sender.begin(ticket)
    sender.send_part()
    before = most_memory(shop)
    for number, share in ((9, 0.01), (20, 0.5), (38, 0.99)):
        while sender.state["received"] < number * sender.state["part"]:
            sender.send_part()
        sender.break_off(share)
        sender.look()
        assert sender.state["received"] == number * sender.state["part"]
    assert most_memory(shop) < before + ROOM
    shop.end()
    shop.serve()
    sender.begin(ticket)
    while sender.state["state"] == "open":
        sender.send_part()

    upload = Upload.objects.get()
    assert finish(upload).state == "done"
    assert upload.asset is not None
    assert upload.asset.sha256 == hashlib.sha256(sender.whole).hexdigest()
