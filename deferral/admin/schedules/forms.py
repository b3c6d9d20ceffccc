"""What may be typed about a schedule: what never comes is refused here, with a sentence."""

import json
from typing import Any

from django import forms
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from deferral.errors import NeverComes, Unreadable
from deferral.models import Schedule
from deferral.registry import TASKS
from deferral.schedules.guards import check


def schedulable_tasks() -> list[tuple[str, str]]:
    """Every task a schedule may name: who edits schedules must not refund money by one."""
    return [(name, name) for name, spec in sorted(TASKS.items()) if spec.schedulable]


class Checked(forms.ModelForm[Any]):
    """Refuses what the guards refuse. Not asked while a field is wrong by itself."""

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # not in its stubs
        if self.errors:
            return
        try:
            check(self.instance)
        except (NeverComes, Unreadable) as error:
            self.add_error(None, str(error))


class CrontabForm(Checked):
    """30 February is a crontab, and never comes."""

    class Meta:
        model = CrontabSchedule
        fields = "__all__"  # noqa: DJ007 - the admin's page names them


class IntervalForm(Checked):
    """Lengths of time. One of less than a second is refused."""

    class Meta:
        model = IntervalSchedule
        fields = "__all__"  # noqa: DJ007 - the admin's page names them


class ScheduleForm(Checked):
    """Refuses a task that is unknown or not made for schedules, and arguments it does not take."""

    task = forms.ChoiceField(choices=schedulable_tasks)
    missed_runs = forms.ChoiceField(
        choices=Schedule.Missed.choices,
        required=False,
        help_text="What becomes of runs that came while nothing ran here.",
    )

    class Meta:
        model = PeriodicTask
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = getattr(self.instance, "kept", None)
        self.fields["missed_runs"].initial = kept.missed if kept else Schedule.Missed.ONCE

    def clean_missed_runs(self) -> str:
        """Once, unless somebody says otherwise."""
        return str(self.cleaned_data["missed_runs"] or Schedule.Missed.ONCE)

    def clean_kwargs(self) -> str:
        """Arguments by name, as JSON. Anything but an object is refused."""
        try:
            kwargs = json.loads(self.cleaned_data["kwargs"] or "{}")
        except ValueError as error:
            msg = f"This is not JSON: {error}."
            raise forms.ValidationError(msg) from error
        if not isinstance(kwargs, dict):
            raise forms.ValidationError('Arguments are named: {"order_id": 17}.')
        return json.dumps(kwargs)

    def clean(self) -> dict[str, Any]:
        """The task takes these arguments."""
        data: dict[str, Any] = super().clean() or {}
        spec = TASKS.get(data.get("task", ""))
        if spec and "kwargs" in data and not spec.accepts(json.loads(data["kwargs"])):
            self.add_error("kwargs", f"{spec.name} cannot be called with these.")
        return data
