"""Jobs that take minutes or hours: named steps with results, and cursors inside of them.

    @deferred_task(name=…, queue="bulk", retry=PATIENT, time_limit=120, long=True)
    def write_export(*, export_id: int) -> None:
        services.write_export(export_id=export_id)

    def write_export(*, export_id: int) -> None:
        rows = step("rows", partial(write_rows, export_id), total=…, unit="rows")
        step("file", partial(write_file, export_id, rows))

A step that is over is never run again: its result is read from its row. One that was interrupted
(its process killed, its worker leaving, a person's pause, the turn of others) is called again, with
the cursor of its last checkpoint. So a long job survives whatever happens, and starts nothing over.

Not for what is quick: a job of a second needs no steps, only a key. Not for what can be done in any
order by many: that is a join.
"""

from deferral.long_jobs.steps import Step, step

__all__ = ["Step", "step"]
