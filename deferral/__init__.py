"""Deferred work that is never lost and never doubled.

PostgreSQL decides and waits, Celery runs, a message is only a hint. The public names:

    deferral.events     event, publish
    deferral.handlers   handles, job, join
    deferral.enqueueing enqueue
    deferral.tasks      deferred_task, current_job
    deferral.long_jobs  step, Step
    deferral.fan_out    add_parts
    deferral.policies   RetryPolicy, Timetable, PROMPT, PATIENT, BRIEF
    deferral.errors     Retry, Snooze, Bury
    deferral.inbox      source: Source, Notice; standard: signed_source; views: receiver
    deferral.slots      Slot

    deferral.external_services   external_service, ExternalServices
"""
