"""What there is to mend: rows that died of one cause are one decision for staff."""

import traceback

from django.apps import apps

from deferral.errors import Outcome


def cause_of(error: BaseException) -> str:
    """An outcome says it. Any other error is its class and our innermost function that it left."""
    return error.cause if isinstance(error, Outcome) else type(error).__name__ + _where(error)


def _where(error: BaseException) -> str:
    """In which function of an installed app: the libraries below it are not to be mended here."""
    found = ""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        module = frame.f_globals.get("__name__", "")
        if apps.get_containing_app_config(module):
            found = f" in {module}.{frame.f_code.co_qualname}"
    return found
