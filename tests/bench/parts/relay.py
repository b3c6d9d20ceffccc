"""How many due jobs a relay sends in a second, and what everything costs when there is none."""

import time

from django.db import connection

from deferral.models import Job
from tests.bench import truth
from tests.bench.options import Options
from tests.bench.processes import cpu_seconds, resident_mib
from tests.bench.progress import say
from tests.bench.results import Result
from tests.bench.stage import ask, staged
from tests.bench.statistics import ratio
from tests.rig.stand_alone import Servers
from tests.rig.waiting import eventually

FILL = """
INSERT INTO deferral_job (key, subject, task, kwargs, queue, context, schema_version, state,
    attempts, crashes, losses, snoozes, task_id, epoch, worker, is_body, open_parts, errors)
SELECT 'bench:' || n, 'bench:' || n, 'notifications.tell_crm', '{"order_id": 0}', 'partners', '{}',
    1, 'pending', 0, 0, 0, 0, gen_random_uuid(), 0, '', false, 0, '[]'
FROM generate_series(1, %s) n
"""
SPAN = "SELECT extract(epoch FROM max(sent_at) - min(sent_at))::float FROM deferral_job"
CPUS = 100.0  # per cent of one core


def relay(servers: Servers, options: Options) -> Result:
    """A queue full of due jobs that nobody takes; then the whole shop with nothing to do."""
    result = Result("relay", "The relay at work, and everything at rest")
    with staged(servers) as stage:
        say(f"relay: {options.due:,} due jobs")
        with connection.cursor() as cursor:
            cursor.execute(FILL, [options.due])
        # A queue is filled up when it is half empty: nobody takes any of these.
        process = stage.relay(HINTS_AHEAD=str(2 * options.due))
        stage.ready()
        unsent = Job.objects.filter(sent_at=None)
        eventually(lambda: not unsent.exists(), patience=120, show=stage.logs)
        spent, seconds = cpu_seconds(process.pid), ask(SPAN)
        truth.same("due jobs", rows=Job.objects.count(), sent=options.due)
    result.rows.append(
        {
            "what": "relay, sending",
            "jobs/s": round(ratio(options.due, seconds)),
            "CPU ms a job, start included": round(1000 * spent / options.due, 2),
        }
    )
    result.rows += idle(servers, options)
    return result


def idle(servers: Servers, options: Options) -> list[dict[str, float | int | str]]:
    """Nothing to do: CPU by role, in per cent of one core."""
    say(f"relay: {options.idle:.0f} s of nothing")
    with staged(servers) as stage:
        roles = {"relay": [stage.relay()], "workers": stage.crew()}
        roles |= {"broker": [servers.valkey], "PostgreSQL": [servers.postgres]}
        stage.ready()
        time.sleep(options.settling)
        before = {role: sum(cpu_seconds(each.pid) for each in roles[role]) for role in roles}
        began = time.monotonic()
        time.sleep(options.idle)
        lasted = time.monotonic() - began
        return [
            {
                "what": f"{role}, idle",
                "CPU %": round(
                    CPUS
                    * (sum(cpu_seconds(each.pid) for each in roles[role]) - before[role])
                    / lasted,
                    1,
                ),
                "RSS MiB": round(sum(resident_mib(each.pid) for each in roles[role])),
            }
            for role in roles
        ]
