"""Programs and classes that films are given to."""

import os
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from config.contradictions.rules import rule


@rule
def ffmpeg_is_no_program() -> bool:
    """FFMPEG must be the name of a program, or the whole path of one that may be run, without
    arguments.
    """
    said: str = settings.FFMPEG
    if "/" not in said:
        return len(said.split()) > 1
    path = Path(said)
    # Where it is not, another machine of the shop may have it: the doctor says what this one has.
    is_wrong = path.exists() and not (path.is_file() and os.access(path, os.X_OK))
    return is_wrong or not path.is_absolute()


@rule
def moderator_cannot_check() -> bool:
    """MODERATOR must be a class with a method `check`, such as shop.moderation.Moderator."""
    if not settings.MODERATOR:
        return False
    try:
        found = import_string(settings.MODERATOR)
    except ImportError:
        return True
    return not (isinstance(found, type) and callable(getattr(found, "check", None)))
