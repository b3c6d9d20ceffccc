"""The servers and the strangers of one benchmark, and the shop's processes on them.

Everything lies in one scratch folder and ends with the block. Nothing of a running shop is touched.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from celery import current_app
from django.core.management import call_command
from django.db import connection

from launcher.probes import Responds
from launcher.servers.process import Process, spawn, wait_for
from launcher.stack import NICE, WORKERS, as_deployed, web
from shop.models import Product
from tests.bench.customers import WANTED, Shop
from tests.bench.truth import Ledger
from tests.rig.processes import ROOT
from tests.rig.running_sandbox import running_sandbox
from tests.rig.running_shop import RunningShop
from tests.rig.stand_alone import Servers

QUIET = ("--without-gossip", "--without-mingle", "-l", "WARNING")
PLENTY = 10_000_000


class Stage(RunningShop):
    """The shop's processes as `make up` has them, on the benchmark's own servers."""

    def crew(self, app: str = "config", **env: str) -> list[Process]:
        """The worker groups of the laptop's table, for any Celery application."""
        return [self.celery(name, app, lanes, size, **env) for name, lanes, size in WORKERS]

    def celery(self, name: str, app: str, queues: str, size: int, **env: str) -> Process:
        """One worker group."""
        worker = [sys.executable, "-m", "celery", "-A", app, "worker", *QUIET]
        which = ["-n", f"{name}@%h", "-Q", queues, "-c", str(size)]
        return self.start(name, [*worker, *which], **{"WORKER_NICE": str(NICE.get(name, 0)), **env})

    def shop(self, application: str = "config.wsgi") -> Shop:
        """The shop as browsers see it: gunicorn with the laptop's options."""
        port = int(os.environ["WEB_PORT"])
        program = web(port, application)
        env = {**os.environ, **as_deployed(os.environ), **program.env}
        process = spawn(program.command, log=self.scratch / "web.log", env=env, cwd=ROOT)
        self.processes.append(process)
        assert wait_for(Responds(port, "/readyz").ready, patience=30), self.logs()
        products = {name: Product.objects.filter(category=name)[0] for name in WANTED}
        return Shop(
            f"http://127.0.0.1:{port}",
            page=products["print"].get_absolute_url(),
            skus={name: product.sku for name, product in products.items()},
        )

    def ledger(self) -> Ledger:
        """The strangers' books."""
        book: dict[str, list[dict[str, Any]]] = self.strangers.get("/ledger.json")
        return book


@contextmanager
def staged(servers: Servers, *, profile: str = "fast", sheds: bool = False) -> Iterator[Stage]:
    """Empty ledger and broker, a full shelf, strangers with empty books, and no process yet.

    Every effect is counted here, so that no lane yields, and nothing is shed, unless it says so.
    """
    Product.objects.exclude(available=None).update(available=PLENTY)
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE deferral_job, deferral_event, django_celery_results_taskresult,"
            " deferral_lanesample, deferral_relief CASCADE"
        )
    with current_app.connection_for_write() as broker:
        broker.default_channel.client.flushall()  # type: ignore[attr-defined]  # Valkey's
    scratch = Path(tempfile.mkdtemp(dir=servers.home))
    one, two, three = (
        int(os.environ[f"{name}_PORT"]) for name in ("SANDBOX", "MAIL", "SANDBOX_SMTP")
    )
    secret = os.environ["PARTNER_WEBHOOK_SECRET"]
    with running_sandbox(
        scratch, ports=(one, two, three), SANDBOX_PROFILE=profile, PARTNER_WEBHOOK_SECRET=secret
    ) as strangers:
        found = Stage(scratch=scratch, strangers=strangers)
        if not sheds:
            found.env = {**found.env, "DEFERRAL_YIELDING": ""}
        try:
            yield found
        finally:
            found.close()


def prepare_database() -> None:
    """Tables and the catalogue."""
    call_command("migrate", verbosity=0)
    call_command("seed", verbosity=0)


def ask(statement: str, *parameters: int | str | list[str]) -> Any:
    """The first value of the first row."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]
