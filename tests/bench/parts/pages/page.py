"""Reading the first page, alone and in crowds, and how often it is built meanwhile."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import requests

FRESH = 120  # seconds, of ours and of Django's cache
CROWD = 30
PATIENCE = 30


class Reader:
    """A visitor with cookies of their own, who has been here before."""

    def __init__(self, address: str) -> None:
        self.address, self.line = address, requests.Session()

    def read(self) -> float:
        """Seconds until all of the page is there, which has every card."""
        began = time.perf_counter()
        page = self.line.get(self.address, timeout=PATIENCE)
        seconds = time.perf_counter() - began
        assert page.status_code == 200, page.status_code
        assert page.text.count('class="card"') == 40
        return seconds


def crowd(address: str) -> list[float]:
    """What thirty visitors wait who come at the same moment."""
    readers, start = [Reader(address) for _ in range(CROWD)], Barrier(CROWD)

    def come(reader: Reader) -> float:
        start.wait()
        return reader.read()

    with ThreadPoolExecutor(CROWD) as visitors:
        return list(visitors.map(come, readers))
