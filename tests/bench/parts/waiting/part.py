"""Orders that wait for slow external services, in everything that `make up` runs on one machine.

The article's latencies: an order waits for others 8.7 s in all.
"""

from tests.bench.options import Options
from tests.bench.parts.waiting import tables
from tests.bench.parts.waiting.hung import HUNG, beside_a_hung_service
from tests.bench.parts.waiting.killed import VICTIM, kill
from tests.bench.parts.waiting.paying import paid, paying
from tests.bench.parts.waiting.phases import Phase
from tests.bench.parts.waiting.whole_shop import WholeShop, whole_shop
from tests.bench.progress import say
from tests.bench.results import Result
from tests.rig.stand_alone import Servers

PACE = 5.0  # orders a second
WARMING = 8  # orders
NOTES = (
    "nothing was lost or doubled; repeats: effects that their receivers knew by their keys",
    "p50, p95, last: of orders from payment to e-mail, of a queue from due to begun",
    "orders/s: from the first payment to the last effect, of all services or of this one",
    "CPU of what follows a payment; PSS and sessions of everything, the web stands ready",
)


def waiting(servers: Servers, options: Options) -> Result:
    """At a steady pace, the same beside a service that hangs, a burst, and a worker's deaths."""
    result = Result("waiting", "Everything on one machine, external services of 0.5 to 2 s")
    result.notes += NOTES
    with whole_shop(servers) as shop:
        say("waiting: warming up")
        paid(shop, WARMING, paying(shop))
        at_a_pace(shop, options, result)
        at_once(shop, options, result)
        say(f"waiting: {VICTIM} killed, {options.deaths} times")
        deaths = [kill(shop.stage) for _ in range(options.deaths)]
    result.rows += map(tables.death_row, deaths)
    result.marks += tables.death_marks(deaths)
    return result


def at_a_pace(shop: WholeShop, options: Options, result: Result) -> None:
    """Rounds are interleaved: a slow minute of the machine meets both."""
    steady = Phase(f"{PACE:.0f} orders/s")
    hung = Phase(f"{PACE:.0f} orders/s, the {HUNG} hangs")
    ways = ((steady, paying(shop, PACE)), (hung, beside_a_hung_service(shop, PACE)))
    for number in range(options.rounds):
        for phase, work in ways:
            say(f"waiting: round {number + 1} of {options.rounds}, {phase.title}")
            phase.rounds.append(paid(shop, options.paced, work))
    result.rows += [*steady.rows(), *hung.rows(), *tables.hung_rows(steady, hung)]
    result.marks += [*tables.steady_marks(steady), *tables.hung_marks(steady, hung)]
    result.notes.append(f"CPU ms of {steady.title}: {tables.by_share(steady.cpu_ms)}")
    result.notes.append(f"PSS MB: {tables.by_share(shop.memory())}")


def at_once(shop: WholeShop, options: Options, result: Result) -> None:
    """As many as may come with a newsletter."""
    burst = Phase(f"{options.at_once} orders at once")
    say(f"waiting: {burst.title}")
    burst.rounds.append(paid(shop, options.at_once, paying(shop)))
    result.rows += burst.rows()
    result.marks.append(tables.burst_mark(burst))
