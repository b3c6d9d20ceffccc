"""The mistakes that the patterns mend, made on purpose and counted in the services' journals.

What the pages of docs/patterns show. Nothing here is about speed.
"""

from tests.bench.options import Options
from tests.bench.parts.problems import flags, joins, outbox, poison, queues
from tests.bench.progress import say
from tests.bench.results import Result
from tests.rig.stand_alone import Servers

EXPERIMENTS = (outbox, joins, flags, poison, queues)


def problems(servers: Servers, _options: Options) -> Result:
    """One experiment after the other; each says in a sentence what was done."""
    result = Result("problems", "What the usual ways do when something dies or waits")
    for experiment in EXPERIMENTS:
        say(f"problems: {experiment.WHAT}")
        result.rows += experiment.rows(servers)
        result.notes.append(f"{experiment.NAME}: {experiment.WHAT}")
    return result
