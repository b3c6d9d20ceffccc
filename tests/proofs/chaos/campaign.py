"""A campaign in a storm: its worker, the relay and whatever else runs are killed at random, the
broker is wiped, the mail server takes mails and hangs up. Then its own journal is counted.
"""

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import requests

from deferral.ledger.dead_letters import replay_jobs
from deferral.models import Job
from notifications.campaigns import control
from notifications.models import Campaign, Recipient, Subscription
from tests.bench.progress import say
from tests.bench.results import Result
from tests.bench.stage import Stage, prepare_database, staged
from tests.bench.statistics import at_least, at_most
from tests.proofs.chaos.crew import Crew
from tests.proofs.chaos.options import Options
from tests.proofs.chaos.plan import KILL_EVERY, WIPES, Act
from tests.rig.emptying import empty_broker
from tests.rig.stand_alone import Servers

# Mails a minute, so that the storm has something to strike, and per cent of the mails that are
# taken while their answer is lost.
PER_MINUTE, ANSWERS_LOST = 3_000, 2
PATIENCE, TICK, TELL_EVERY = 900.0, 0.05, 15.0
DOMAIN = "storm.example.org"
# What sends is a worker of threads: it dies as a whole.
VICTIMS: tuple[Act, ...] = ("worker", "worker", "child", "relay")
MOST_KEPT = 10_000  # of the inbox's list


@dataclass
class Found:
    """What was done to it, and what the mail server has in the end, by address."""

    kills: Counter[str] = field(default_factory=Counter)
    its_own: int = 0
    wipes: int = 0
    replayed: int = 0
    seconds: float = 0.0
    had: Counter[str] = field(default_factory=Counter)


def run(servers: Servers, options: Options) -> tuple[Result, bool]:
    """The table, and whether each address has exactly one."""
    prepare_database()
    result = Result("chaos", f"A campaign in a storm, seed {options.seed}")
    with staged(servers) as stage:
        campaign = begun(stage, options.recipients)
        found = rage(stage, campaign, random.Random(options.seed))  # noqa: S311  a storm, no secret
        found.had = journal(stage, campaign)
        states = Counter(campaign.recipients.values_list("state", flat=True))
    lost = options.recipients - len(found.had)
    doubled = sum(1 for times in found.had.values() if times > 1)
    result.rows.append(
        {
            "system": "Halyard's campaign",
            "recipients": options.recipients,
            **{f"killed {role}": found.kills[role] for role in sorted(set(VICTIMS))},
            "of them its own": found.its_own,
            "wipes": found.wipes,
            "lost": lost,
            "doubled": doubled,
            "in doubt": states["in_doubt"],
            "dead, replayed": found.replayed,
            "seconds": round(found.seconds),
        }
    )
    result.marks += [
        at_most("lost", lost, 0),
        at_most("doubled", doubled, 0),
        at_most("in doubt", states["in_doubt"], 0),
        at_least("killed", found.kills.total(), 10),
    ]
    result.seconds = found.seconds
    return result, not (lost or doubled or states["in_doubt"])


def begun(stage: Stage, count: int) -> Campaign:
    """So many subscribers, everything that `make up` starts, and the campaign under way."""
    stage.crew("config")
    for start in (stage.relay, stage.relay):
        start()
    stage.ready()
    addresses = (f"reader{number}@{DOMAIN}" for number in range(count))
    state = Subscription.State.CONFIRMED
    Subscription.objects.bulk_create(Subscription(address=a, state=state) for a in addresses)
    draft = Campaign.objects.create(title="Storm", words="*Hold fast.*", per_minute=PER_MINUTE)
    say(f"chaos: a campaign, {count:,} recipients, about {60 * count / PER_MINUTE:.0f} s")
    stage.sandbox.fault("mail", mode="lost-reply", rate=ANSWERS_LOST)
    return control.start_campaign(campaign_id=draft.pk, by="chaos")


def rage(stage: Stage, campaign: Campaign, chance: random.Random) -> Found:
    """Until it is over. The storm ends with the last chunk's time; who is dead is replayed then."""
    found, crew, began = Found(), Crew(stage.started), time.monotonic()
    lasts = 60 * Subscription.objects.count() / PER_MINUTE
    kills, wipes, told = moments(chance, lasts), [share * lasts for share in WIPES], 0.0
    next_kill = next(kills, None)
    while (now := time.monotonic() - began) < PATIENCE and not is_over(campaign):
        if next_kill is not None and now > next_kill:
            role = chance.choice(VICTIMS)
            killed = crew.kill(role, chance.random())
            found.kills[role] += killed is not None
            found.its_own += killed is not None and killed.name == "mailings"
            next_kill = next(kills, None)
        if wipes and now > wipes[0]:
            empty_broker()
            found.wipes += bool(wipes.pop(0))
        crew.start_again()
        if next_kill is None:
            found.replayed += calm(stage)
        if now > told + TELL_EVERY:
            told = now
            sent = campaign.recipients.filter(state=Recipient.State.SENT).count()
            say(f"  {sent:,} sent, {found.kills.total()} kills")
        time.sleep(TICK)
    found.seconds = time.monotonic() - began
    return found


def moments(
    chance: random.Random, lasts: float, every: tuple[float, float] = KILL_EVERY
) -> Iterator[float]:
    """When somebody is killed."""
    at = 0.0
    while (at := at + chance.uniform(*every)) < lasts:
        yield at


def calm(stage: Stage) -> int:
    """The mail server is well; a person resumes what paused itself, and replays what is dead."""
    stage.sandbox.fault("mail", mode="ok")
    for paused in Campaign.objects.filter(state=Campaign.State.PAUSED):
        control.resume_campaign(campaign_id=paused.pk, by="chaos")
    tasks = ("notifications.freeze_audience", "notifications.send_chunk")
    dead = Job.objects.filter(task__in=tasks, state="dead")
    return replay_jobs(dead.values_list("pk", flat=True), by="chaos", reason="The storm is over.")


def is_over(campaign: Campaign) -> bool:
    """Nobody is left."""
    return Campaign.objects.get(pk=campaign.pk).state == Campaign.State.FINISHED


def journal(stage: Stage, campaign: Campaign) -> Counter[str]:
    """By address: how often the mail server has accepted a mail of it, by its own account."""
    url = f"{stage.sandbox.inbox}/api/messages"
    asked = {"subject": campaign.title, "limit": str(MOST_KEPT)}
    mails = requests.get(url, asked, timeout=60).json()
    had: Counter[str] = Counter()
    for mail in mails:
        had[mail["to"][0]] += mail["deliveries"]
    return had
