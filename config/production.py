"""Settings that are missing or contradict each other stop every process at its start.

`manage.py` commands ask through Django's system checks. Web, workers and beat, for which
nobody asks those, call `refuse_to_start`. What is wrong stands in `contradictions`; what is easier
to attack than need be is for `check --deploy`, which is clean with an https SITE_URL.
"""

import sys
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's

from config import budget
from config.contradictions import RULES, Rule
from config.environment import PROBLEMS
from config.exposures import EXPOSURES


@register()
def check_settings(**_: Any) -> list[CheckMessage]:
    """One error for each broken rule, all at once: nobody wants to find them one by one."""
    budget.roles()  # which reads its numbers
    unread = [Error(problem, id="config.not_understood") for problem in PROBLEMS.values()]
    return unread + [broken(rule, Error) for rule in RULES if rule()]


@register(Tags.security, deploy=True)
def check_exposure(**_: Any) -> list[CheckMessage]:
    """What may be meant, and is dangerous where anybody may come."""
    return [broken(rule, Warning) for rule in EXPOSURES if rule()]


def broken(rule: Rule, kind: type[Error] | type[Warning]) -> CheckMessage:
    """Its docstring is the sentence."""
    return kind(" ".join(str(rule.__doc__).split()), id=f"config.{rule.__name__}")


def refuse_to_start(**_: Any) -> None:
    """End this process, with a sentence for each broken rule. Nothing happens when all hold."""
    if problems := check_settings():
        sys.exit("\n".join(f"Halyard does not start: {problem.msg}" for problem in problems))
