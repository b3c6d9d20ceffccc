"""The page of an upload in the admin: it moves by itself, until nothing more is to come."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from deferral.models import Job, JobStep
from media.models import Asset
from media.services import receive

pytestmark = pytest.mark.django_db
HEAD = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"


@pytest.fixture
def asset() -> Asset:
    return receive(io.BytesIO(HEAD), name="pier.mp4")


def staff(*permissions: str) -> Client:
    """Somebody who may do this."""
    found = User.objects.create(email="eva@halyard.example", is_staff=True)
    found.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(found, "django.contrib.auth.backends.ModelBackend")
    return client


def a_job(asset: Asset, task: str = "media.make_rendition", **facts: Any) -> Job:
    number = Job.objects.count()
    return Job.objects.create(
        key=f"j{number}", subject=asset.subject, task=task, queue="media", **facts
    )


def made(client: Client, asset: Asset, version: str = "") -> Any:
    return client.get(f"/admin/media/asset/{asset.pk}/made/", {"v": version})


def version(html: str) -> str:
    return html.partition("/made/?v=")[2].partition('"')[0]


def test_the_bar_of_each_size_moves_and_what_has_not_changed_is_not_sent_again(
    asset: Asset,
) -> None:
    job = a_job(asset, state=Job.State.RUNNING, kwargs={"tag": asset.tag, "size": 1080})
    facts = {"total": 8, "unit": "seconds", "started_at": timezone.now()}
    step = JobStep.objects.create(job=job, name="encode", done=2, **facts)
    reads = staff("view_asset")
    page = reads.get(f"/admin/media/asset/{asset.pk}/change/").content.decode()

    assert 'aria-label="1080p: encode" max="100" value="25"' in page
    assert 'hx-trigger="every 1s"' in page
    assert made(reads, asset, version(page)).status_code == 204
    JobStep.objects.filter(pk=step.pk).update(done=6, seen_at=timezone.now())
    assert 'value="75"' in made(reads, asset, version(page)).content.decode()


def test_why_a_size_was_given_up_stands_beside_the_others(asset: Asset) -> None:
    a_job(asset, state=Job.State.DONE, kwargs={"size": 480})
    a_job(asset, state=Job.State.DEAD, kwargs={"size": 2160}, cause="ffmpeg fails")
    html = made(staff("view_asset"), asset).content.decode()

    assert html.index("480p") < html.index("2160p") < html.index("ffmpeg fails")
    assert 'hx-trigger="every 4s"' in html
    assert "/admin/deferral/job/" not in html


def test_nobody_asks_any_more_once_all_is_over(asset: Asset) -> None:
    reads = staff("view_asset", "view_job")
    assert "about to be written" in made(reads, asset).content.decode()
    job = a_job(asset, task="media.tell_ready", state=Job.State.DONE)

    html = made(reads, asset).content.decode()
    assert "hx-get" not in html
    assert f'<a href="/admin/deferral/job/{job.pk}/change/">News of it</a>' in html


def test_a_decision_that_becomes_possible_is_offered_without_a_reload(asset: Asset) -> None:
    a_job(asset, state=Job.State.RUNNING, kwargs={"size": 480})
    decides = staff("view_asset", "change_asset")
    before = made(decides, asset).content.decode()
    facts = {"kind": "rendition", "measure": 480, "format": "mp4", "width": 854, "height": 480}
    asset.variants.create(key="a", file="media/a.mp4", sha256="0" * 64, size=1, **facts)

    assert "decide/show/" not in before
    assert "decide/show/" in made(decides, asset, version(before)).content.decode()


def test_whoever_may_not_see_uploads_is_refused(asset: Asset, client: Client) -> None:
    assert made(client, asset).status_code == 403
    assert made(staff("view_job"), asset).status_code == 403
