"""The servers and the external services of one benchmark, and the shop's processes on them.

Everything lies in one scratch folder and ends with the block. Nothing of a running shop is touched.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from shop.models import Product
from tests.bench.customers import WANTED, Shop
from tests.rig.emptying import empty_broker
from tests.rig.journals import Journals, journals
from tests.rig.running_sandbox import ports_of_the_settings, running_sandbox
from tests.rig.running_shop import RunningShop
from tests.rig.stand_alone import Servers

PLENTY = 10_000_000


class Stage(RunningShop):
    """The shop's processes as `make up` has them, on the benchmark's own servers."""

    def shop(self, application: str = "config.wsgi") -> Shop:
        """The shop as browsers see it: gunicorn with the laptop's options."""
        self.serve(application)
        products = {name: Product.objects.filter(category=name)[0] for name in WANTED}
        return Shop(
            self.address,
            page=products["print"].get_absolute_url(),
            skus={name: product.sku for name, product in products.items()},
        )

    def journals(self) -> Journals:
        """All that the receivers have accepted."""
        return journals(self.sandbox)


@contextmanager
def staged(servers: Servers, *, profile: str = "fast", sheds: bool = False) -> Iterator[Stage]:
    """Empty ledger and broker, a full shelf, services with empty books, and no process yet.

    Every effect is counted here: no queue has low priority, and nothing is shed, unless it says so.
    """
    Product.objects.exclude(available=None).update(available=PLENTY)
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE deferral_job, deferral_event, django_celery_results_taskresult,"
            " deferral_queuesample, deferral_shedding CASCADE"
        )
    empty_broker()
    scratch = Path(tempfile.mkdtemp(dir=servers.home))
    with running_sandbox(
        scratch, ports=ports_of_the_settings(), SANDBOX_PROFILE=profile
    ) as sandbox:
        found = Stage(scratch=scratch, sandbox=sandbox)
        if not sheds:
            found.env = {**found.env, "DEFERRAL_LOW_PRIORITY": ""}
        try:
            yield found
        finally:
            found.end()


def prepare_database() -> None:
    """Tables and the catalogue."""
    call_command("migrate", verbosity=0)
    call_command("seed", verbosity=0)


def ask(statement: str, *parameters: int | str | list[str]) -> Any:
    """The first value of the first row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]
