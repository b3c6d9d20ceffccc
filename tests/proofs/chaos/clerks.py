"""The staff who export the orders while everything breaks: at a steady pace, until it is taken."""

import contextlib
import random
import threading
import time
from typing import Any

from django.db import Error, connection

from reports.exports.catalogue import DATASETS
from reports.models import Export
from tests.proofs.chaos.customers import AGAIN
from tests.proofs.chaos.options import Options
from tests.reports.exports.exporting import ask

FORMATS = tuple(Export.Format.values)
# Of an order what does not change as it is paid or refunded: so that two files can be compared.
LASTING = ("number", "created_at", "name", "email", "address", "currency", "total_cents")
assert {*LASTING} <= {column.name for column in DATASETS["orders"].columns}


class Clerks(threading.Thread):
    """Ask for so many exports, every format in turn, over nine tenths of the storm."""

    def __init__(self, options: Options, user: Any) -> None:
        super().__init__(name="clerks", daemon=True)
        self.options, self.user = options, user
        self.chance = random.Random(options.seed)  # noqa: S311  a storm, not a secret
        self.asked: list[int] = []

    def run(self) -> None:
        began, every = time.monotonic(), 0.9 * self.options.lasts / self.options.exports
        with contextlib.closing(connection):
            for number in range(self.options.exports):
                time.sleep(max(0.0, began + number * every - time.monotonic()))
                self.asked.append(self._ask(FORMATS[number % len(FORMATS)]))

    def _ask(self, format_: str) -> int:
        """Who gets no answer asks again: within a minute that is the same export."""
        columns = self.chance.sample(LASTING, self.chance.randint(2, len(LASTING)))
        while True:
            try:
                return ask(self.user, format=format_, columns=columns).pk
            except Error:
                connection.close()
                time.sleep(AGAIN)
