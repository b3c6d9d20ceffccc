"""`manage.py statements`: a month's statements from a shell: begun, or shown."""

import argparse
import getpass
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deferral.management.words import word
from reports.errors import MonthNotOver, NoSuchMonth
from reports.models import StatementRun
from reports.statements.asking import ask_for_missing, ask_for_month
from reports.statements.months import month_named
from reports.statements.status import open_statements, status_of

HELP = """Statements of a month: one PDF for each customer, and one with the month's sums.

  manage.py statements              every month there is, and how far it is
  manage.py statements 2026-11      begin that month, if it is over; else show how far it is
  manage.py statements --missing    begin every month that is over and has none, the oldest first

Beginning a month only writes a job: workers that serve the queue bulk carry it out. A month that
was begun is not begun again, and its figures stay as they were frozen. The schedule "make the
month's statements" does the same on the first of each month."""


class Command(BaseCommand):
    """Begins months, and says how far they are."""

    help = HELP

    def create_parser(self, *args: Any, **options: Any) -> CommandParser:
        """With its lines as they are."""
        return super().create_parser(
            *args, formatter_class=argparse.RawDescriptionHelpFormatter, **options
        )

    def add_arguments(self, parser: CommandParser) -> None:
        """A month, or all that are missing."""
        which = parser.add_mutually_exclusive_group()
        which.add_argument("month", nargs="?", type=word, help="as 2026-11")
        which.add_argument("--missing", action="store_true", help="begin every month without any")

    def handle(self, *_args: Any, month: str | None, missing: bool, **_options: Any) -> None:
        """CommandError for what is no month, and for one that is not over."""
        if missing:
            self._begin_missing()
        elif month:
            self._begin(self._named(month))
        else:
            self._list()

    def _named(self, month: str) -> date:
        try:
            return month_named(month)
        except NoSuchMonth as error:
            raise CommandError(str(error)) from error

    def _begin_missing(self) -> None:
        runs = ask_for_missing(by=getpass.getuser())
        names = ", ".join(run.name for run in runs)
        self.stdout.write(f"Begun: {names}." if runs else "No month is missing.")

    def _begin(self, month: date) -> None:
        try:
            run = ask_for_month(month, by=getpass.getuser())
        except MonthNotOver as error:
            raise CommandError(str(error)) from error
        self._show(run)
        for one in open_statements(run) if run.told_at else ():
            self.stdout.write(f"  not written: {one.customer}, job {one.key}")

    def _list(self) -> None:
        runs = list(StatementRun.objects.order_by("month"))
        if not runs:
            self.stdout.write(
                "No month has statements yet. `manage.py statements --help` says how."
            )
        for run in runs:
            self._show(run)

    def _show(self, run: StatementRun) -> None:
        self.stdout.write(f"{run.name}  {status_of(run).words}  (job {run.key})")
