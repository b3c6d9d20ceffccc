"""Celery's own results, to be read: parts of chords and failures. Groups are not shown."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django_celery_results.admin import TaskResultAdmin
from django_celery_results.models import GroupResult, TaskResult

from deferral.admin.kit.read_only import ReadOnly

admin.site.unregister((TaskResult, GroupResult))


@admin.register(TaskResult)
class ResultAdmin(ReadOnly[Any]):
    """What a worker told Celery. What is true stands in the job."""

    list_display = ("task_name", "job", "status", "worker", "date_done", "task_id")
    list_filter = ("status", "date_done")
    search_fields = ("task_name", "task_id")
    linked = ("task_id__exact",)
    ordering = ("-id",)
    fieldsets = TaskResultAdmin.fieldsets

    @admin.display
    def job(self, result: Any) -> str:
        """A link to the list of jobs with this result's task id; empty for no job of ours."""
        address = reverse("admin:deferral_job_changelist")
        return format_html('<a href="{}?task_id__exact={}">Job</a>', address, result.task_id)
