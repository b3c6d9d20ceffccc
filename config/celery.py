"""Celery, on one page: every option that is not the default, with its reason.

The ledger decides what runs, when, and how often (see `deferral`). Celery is given hints and runs
them; so acknowledgement is early, retries are never published, and nothing here is needed for
work to be safe: only for it to be quick, visible and stopped in time.
"""

import gc
import os

from celery import Celery, signals
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

from config.production import refuse_to_start
from deferral.broker.transport import take_kombus_place


def transport_options(url: str) -> dict[str, object]:
    """A broker that hangs is a broker that is gone: nobody waits for it for ever. In seconds."""
    if url.startswith("redis"):
        return {
            # No copies of what workers have in hand: markers find what is lost. See the transport.
            "ack_emulation": False,
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "socket_keepalive": not url.startswith("redis+socket"),
            "health_check_interval": 25,
        }
    # Left alone, py-amqp waits for "declared" and "closed" without end, and the relay with it.
    return {"read_timeout": 5, "write_timeout": 5, "connect_timeout": 2}


take_kombus_place()
app = Celery("halyard")
app.conf.update(
    broker_url=settings.BROKER_URL,
    # A worker waits for its broker for ever: the ledger keeps the work meanwhile.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # Nor does one that answers with errors end it, nor a message that cannot be read.
    worker_consumer="deferral.broker.consumer:Consumer",
    # Whoever comes back is as good as new: what it still runs was acknowledged when it came.
    worker_enable_prefetch_count_reduction=False,
    # It is about tasks that are acknowledged late. Here are none, and Celery warns of the default.
    worker_cancel_long_running_tasks_on_connection_loss=True,
    # The message is acknowledged when it arrives, because it was only a hint: +45 % throughput, and
    # no visibility timeout can run a long job twice. (The default; said aloud, for it looks wrong.)
    task_acks_late=False,
    # A hint held by a busy worker helps nobody.
    worker_prefetch_multiplier=1,
    # JSON only. Pickle would let whoever can write to the broker run code.
    task_serializer="json",
    result_serializer="json",
    accept_content=["json"],
    # Results are rows people can read; only the parts of a chord need one (4-8 times slower).
    result_backend="deferral.relay.chords:LedgerBackend",
    task_ignore_result=True,
    task_store_errors_even_if_ignored=True,
    result_extended=True,  # arguments are a job's id: nothing secret
    result_expires=7 * 86_400,
    # Nothing runs for ever. Each task says its own, shorter limit.
    task_soft_time_limit=600,
    task_time_limit=630,
    # So long does a worker that is told to QUIT wait for its jobs (containers make QUIT of TERM by
    # REMAP_SIGTERM); what runs longer goes back to the ledger. TERM alone waits for ever.
    worker_soft_shutdown_timeout=settings.SOFT_SHUTDOWN,
    # Typst keeps the last compilations; a fresh child once in a while costs nothing.
    worker_max_tasks_per_child=2_000,
    # A child may take longer than 4 s to come up on a loaded machine.
    worker_proc_alive_timeout=60.0,
    # Flower shows what these tell: 8-14 % of throughput.
    worker_send_task_events=True,
    task_send_sent_event=True,
    # Our log configuration stays; print() in a library is not a log line.
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    # Messages for queues go to direct queues of the queue's name and are addressed by `queue=`
    # alone: those survive a wiped broker under a connected producer, topic exchanges do not.
    task_default_queue="critical",
    task_create_missing_queues=True,
    # Rows, not messages: see deferral.schedules.scheduler.
    beat_scheduler="deferral.schedules.scheduler:Scheduler",
    beat_max_loop_interval=5,
    beat_schedule={
        "ask about payments nobody answered": {
            "task": "shop.settle_stale_payments",
            "schedule": crontab(minute="*"),
        },
        "keep the shop window warm": {
            "task": "shop.warm_up",
            "schedule": crontab(minute="*"),
        },
        "ask about refunds on their way": {
            "task": "orders.ask_about_refunds",
            "schedule": crontab(minute="*/10"),
        },
        "ask suppliers that say nothing": {
            "task": "orders.find_silent_suppliers",
            "schedule": crontab(minute="*"),
        },
        "keep the orders' summaries": {
            "task": "orders.keep_summaries",
            "schedule": crontab(hour="3", minute="10"),
        },
        "look for what the search has missed": {
            "task": "shop.sweep_search",
            "schedule": crontab(minute="7"),
        },
        "compare our books with the provider's": {
            "task": "shop.compare_books",
            "schedule": crontab(hour="2", minute="40"),
        },
        "forget the provider's old notices": {
            "task": "orders.forget_notices",
            "schedule": crontab(hour="3", minute="20"),
        },
        "forget old mails": {
            "task": "notifications.forget_mails",
            "schedule": crontab(hour="3", minute="25"),
        },
        "forget old sessions": {
            "task": "accounts.forget_sessions",
            "schedule": crontab(hour="3", minute="35"),
        },
        "forget old login links": {
            "task": "accounts.forget_login_links",
            "schedule": crontab(hour="3", minute="37"),
        },
        "forget old searches for orders": {
            "task": "shop.forget_order_links",
            "schedule": crontab(hour="3", minute="39"),
        },
        "forget old webhooks": {
            "task": "webhooks.forget_deliveries",
            "schedule": crontab(hour="3", minute="30"),
        },
        "forget old messages": {
            "task": "contact.forget_messages",
            "schedule": crontab(hour="3", minute="43"),
        },
        "forget old exports": {
            "task": "reports.forget_exports",
            "schedule": crontab(hour="3", minute="45"),
        },
        "forget customers' copies of their data": {
            "task": "reports.forget_my_data",
            "schedule": crontab(hour="3", minute="46"),
        },
        "forget old imports": {
            "task": "shop.forget_imports",
            "schedule": crontab(hour="3", minute="47"),
        },
        "sweep the files": {
            "task": "media.sweep_files",
            "schedule": crontab(hour="3", minute="50"),
        },
        "sweep the uploads": {
            "task": "media.sweep_uploads",
            "schedule": crontab(hour="3", minute="55"),
        },
        "complete the pictures": {
            "task": "media.complete_pictures",
            "schedule": crontab(hour="4", minute="5"),
        },
        "make the month's statements": {
            "task": "reports.ask_for_statements",
            "schedule": crontab(day_of_month="1", hour="4", minute="15"),
        },
        "sweep the ledger": {
            "task": "deferral.sweep",
            "schedule": crontab(hour="3", minute="40"),
        },
    },
    timezone=settings.TIME_ZONE,
    # Celery's own fixup would reconnect to the database for every task (2-4 times slower);
    # deferral.database.connections does it as Django would.
    CELERY_DB_REUSE_MAX=10**9,
)
app.conf.broker_transport_options = transport_options(settings.BROKER_URL)
app.autodiscover_tasks()
# Worker and beat, before they do anything: Django asks for its own commands only.
signals.import_modules.connect(refuse_to_start)


@signals.worker_init.connect
def step_back(**_: object) -> None:
    """Before the fork: children are as nice."""
    os.nice(settings.WORKER_NICE)


@signals.worker_init.connect
def share_memory_with_children(**_: object) -> None:
    """What is loaded before the fork stays shared: the collector would touch, and so copy, it all.

    Measured: four partner processes 270 -> 137 MB.
    """
    gc.collect()
    gc.freeze()
