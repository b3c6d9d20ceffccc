"""Receipts that stand in a bucket: written once, handed out by the bucket itself."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from deferral.handlers import job
from orders.models import Order
from reports import tasks
from reports.models import Document
from tests.media.answering import answering, error
from tests.reports.paid_orders import Run
from tests.rig.buckets import bucket_at, use_bucket


@pytest.fixture
def receipt(bucket: Any, order: Order, run: Run) -> Document:
    run(job(tasks.write_receipt, key=f"receipt:{order.reference}", order_id=order.pk))
    return Document.objects.get()


def address(receipt: Document) -> str:
    return reverse("reports:document", args=[receipt.order.number, receipt.key])


def test_a_receipt_is_in_the_bucket_as_its_row_says(bucket: Any, receipt: Document) -> None:
    found = bucket.get_object(Bucket=bucket.bucket, Key=str(receipt.file.name))

    assert receipt.place == "s3"
    assert found["Body"].read() == receipt.read()
    assert found["Metadata"]["sha256"] == receipt.sha256
    assert found["ContentType"] == "application/pdf"


def test_who_may_see_it_is_sent_to_the_bucket_for_a_minute(
    admin_client: Client, receipt: Document
) -> None:
    answer = admin_client.get(address(receipt))
    signed = parse_qs(urlsplit(answer["Location"]).query)
    got = requests.get(answer["Location"], timeout=10)

    assert answer.status_code == 302
    assert "no-store" in answer["Cache-Control"]
    assert signed["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert signed["X-Amz-Expires"] == ["60"]
    assert got.content == receipt.read()
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Content-Disposition"] == f'inline; filename="{receipt.filename}"'


def test_without_the_signature_nobody_gets_it(admin_client: Client, receipt: Document) -> None:
    location = admin_client.get(address(receipt))["Location"]

    assert requests.get(location.partition("?")[0], timeout=10).status_code == 403


def test_nobody_else_is_sent_there(client: Client, receipt: Document) -> None:
    assert client.get(address(receipt)).status_code == 404


def test_while_the_bucket_is_away_a_customer_is_told_when_to_come_back(
    admin_client: Client, receipt: Document, settings: Settings
) -> None:
    with answering(503, error("SlowDown"), head=503) as url:
        use_bucket(settings, bucket_at(url))
        for _ in range(2):  # the second finds its breaker open
            answer = admin_client.get(address(receipt))

            assert (answer.status_code, answer["Retry-After"]) == (503, "30")
            assert "no-store" in answer["Cache-Control"]
            assert "does not answer right now" in answer.content.decode()


def test_what_nobody_may_see_is_a_404_also_while_the_bucket_is_away(
    client: Client, receipt: Document, settings: Settings
) -> None:
    with answering(503, error("SlowDown"), head=503) as url:
        use_bucket(settings, bucket_at(url))

        assert client.get(address(receipt)).status_code == 404


@pytest.mark.parametrize("content", [b"another", None], ids=["changed", "lost"])
def test_what_is_lost_or_changed_is_a_404_and_never_another_file(
    bucket: Any, admin_client: Client, receipt: Document, content: bytes | None
) -> None:
    known = {"Bucket": bucket.bucket, "Key": str(receipt.file.name)}
    bucket.delete_object(**known)
    if content is not None:
        bucket.put_object(**known, Body=content)

    assert admin_client.get(address(receipt)).status_code == 404


def test_a_receipt_that_came_before_the_bucket_is_streamed_from_the_disk(
    bucket: Any, admin_client: Client, receipt: Document, settings: Settings
) -> None:
    """And its row need not say so."""
    written = receipt.read()
    receipt.forget()
    Document.objects.update(forgotten_at=None, place="")
    Path(settings.MEDIA_ROOT, str(receipt.file.name)).parent.mkdir(parents=True)
    Path(settings.MEDIA_ROOT, str(receipt.file.name)).write_bytes(written)
    answer = admin_client.get(address(receipt))

    assert b"".join(answer) == written
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Length"] == str(len(written))
