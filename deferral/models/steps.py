"""How far a long job is: its named steps, each with what came of it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from deferral.models.jobs import Job


class JobStep(models.Model):
    """One named step of a job. Written under the job's fence alone (`ledger.steps`).

    `cursor` is where a step that is under way goes on after a crash, in the step's own words;
    `result` is what came of one that is over. `done` of `total` are in `unit`s; `total` is None
    where nobody can know it. `pace` are its latest checkpoints: pairs of seconds since 1970, and
    `done` then. It is what an estimate is made of.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="steps")
    name = models.CharField(max_length=40)
    cursor = models.JSONField(null=True)
    result = models.JSONField(null=True)
    done = models.BigIntegerField(db_default=0)
    total = models.BigIntegerField(null=True)
    unit = models.CharField(max_length=20, blank=True, db_default="")
    pace = models.JSONField(db_default=[])
    started_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "name"], name="step_of_a_job")
        ]
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name
