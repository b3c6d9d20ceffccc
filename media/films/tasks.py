"""What the workers do for films. Limits in seconds."""

from deferral.policies import PROMPT
from deferral.tasks import deferred_task
from media.films import judging, looking, renditions, stills
from media.films.encoding import AT_LEAST, PER_SECOND
from media.limits import LONGEST, MOST_BYTES, SLOWEST
from media.places import asked_for_files

# Between two checkpoints: a rendition has none before it is whole. That it gets on is looked at
# every minute (`encoding.QUIET`).
WHOLE_FILM = int(AT_LEAST + PER_SECOND * LONGEST)
# Any of them may begin with fetching the film from a bucket, which has its own deadline. Where that
# is done, ffmpeg has its own: whatever does not get on there has ended long before.
FETCHING = MOST_BYTES["film"] // SLOWEST


@deferred_task(
    name="media.look_at_film",
    queue="media",
    retry=PROMPT,
    time_limit=300 + FETCHING,
    long=True,
    service=asked_for_files(),
)
def look_at_film(*, tag: str) -> None:
    """Probe it, make its poster, ask for the rest. Safe to repeat: each step is done once."""
    looking.look(tag=tag)


@deferred_task(
    name="media.make_rendition",
    queue="media",
    retry=PROMPT,
    time_limit=WHOLE_FILM + FETCHING,
    long=True,
    service=asked_for_files(),
)
def make_rendition(*, tag: str, size: int) -> None:
    """Encode one size. Safe to repeat: what was begun is nowhere, what is whole is kept once."""
    renditions.make_rendition(tag=tag, size=size)


@deferred_task(
    name="media.make_stills",
    queue="media",
    retry=PROMPT,
    time_limit=120 + FETCHING,
    long=True,
    service=asked_for_files(),
)
def make_stills(*, tag: str) -> None:
    """A still every ten seconds. Safe to repeat: it goes on from its last checkpoint."""
    stills.make_stills(tag=tag)


@deferred_task(
    name="media.judge_film",
    queue="media",
    retry=PROMPT,
    time_limit=180,
    service=asked_for_files(),
)
def judge_film(*, tag: str) -> None:
    """The verdict, by the stills. Safe to repeat: it commits together with `done`."""
    judging.judge(tag=tag)
