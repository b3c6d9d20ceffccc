"""The name of an external service is declared once; a typo makes no second breaker."""

from typing import Any, cast

import pytest
from django.core.exceptions import ImproperlyConfigured

from deferral.external.breakers import calling
from deferral.external.parking import ensure_breakers
from deferral.external_services import ExternalServices, external_service
from deferral.handlers import job
from deferral.models import Breaker
from deferral.policies import BRIEF
from deferral.registry import TASKS
from deferral.tasks import deferred_task
from tests.deferral.bench import work

TYPO = cast("Any", "warehose")


def test_a_task_that_names_an_undeclared_service_is_refused_at_import() -> None:
    mark = deferred_task(
        name="bench.misspelt", queue="bulk", retry=BRIEF, time_limit=1, service=TYPO
    )

    with pytest.raises(ImproperlyConfigured, match=r"'warehose'.* warehouse"):
        mark(lambda: None)

    assert "bench.misspelt" not in TASKS


@pytest.mark.django_db
def test_an_undeclared_service_is_not_called_and_has_no_breaker() -> None:
    with pytest.raises(ImproperlyConfigured), calling(TYPO):
        pytest.fail("it was called")
    with pytest.raises(ImproperlyConfigured):
        ensure_breakers(TYPO)

    assert not Breaker.objects.exists()


def test_a_job_goes_by_no_undeclared_services_breaker() -> None:
    with pytest.raises(ImproperlyConfigured):
        job(work, key="k", service=TYPO)


def test_a_service_is_declared_once() -> None:
    with pytest.raises(ImproperlyConfigured, match="import that constant"):
        external_service("warehouse")


@pytest.mark.django_db
def test_services_whose_names_are_data_are_known_by_their_prefix() -> None:
    with calling(ExternalServices(prefix="endpoint:").named("acme")) as call:
        call.answered()

    assert Breaker.objects.filter(name="endpoint:acme", calls=1).exists()
