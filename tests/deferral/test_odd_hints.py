"""A message that we did not write runs nothing, asks the database nothing, and raises nothing."""

from typing import Any

import pytest
from celery import current_app
from celery.exceptions import Ignore
from pytest_django.fixtures import DjangoAssertNumQueries


@pytest.mark.django_db
@pytest.mark.parametrize("hint", [None, [1], {}, "1", 1.5, True, 0, -1, 10**30])
def test_a_hint_that_is_no_job_is_ignored(
    hint: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    task = current_app.tasks["deferral.sweep"]

    with django_assert_num_queries(0), pytest.raises(Ignore):
        task(job=hint)
