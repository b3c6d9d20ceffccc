"""Where browsers are sent for a file, and what pages are told about it."""

import subprocess
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from config.storages import Bucket, bucket_origin
from media.film_views import as_file
from media.models import Asset, Variant
from media.places import place
from media.verbs import Download
from tests.config.test_environment import read
from tests.rig.buckets import bucket_at, use_bucket
from tests.rig.surroundings import ROOT

PAPER = Download(filename="Rechnung für Ada.pdf", content_type="application/pdf")


def amazons(region: str, name: str = "shop-files") -> Bucket:
    return bucket_at("", name=name, region=region)


def address(settings: Settings, bucket: Bucket) -> str:
    use_bucket(settings, bucket)
    return place("s3").address("documents/ab/x.pdf", PAPER)


@pytest.mark.parametrize(
    "bucket",
    [
        *map(amazons, ("us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1", "ap-east-1")),
        amazons("us-east-1", "shop.files"),
        amazons("eu-central-1", "shop.files"),
        bucket_at("https://s3.example.com/files"),
        bucket_at("http://127.0.0.1:9000"),
        bucket_at("http://minio:9000", public_url="https://files.example.com"),
    ],
    ids=bucket_origin,
)
def test_the_policy_names_the_host_that_is_signed_for(settings: Settings, bucket: Bucket) -> None:
    parts = urlsplit(address(settings, bucket))

    assert f"{parts.scheme}://{parts.netloc}" == bucket_origin(bucket)


def test_a_name_and_a_type_are_signed_with_it(settings: Settings) -> None:
    signed = parse_qs(urlsplit(address(settings, amazons("eu-central-1"))).query)

    assert signed["X-Amz-Expires"] == ["60"]
    assert signed["X-Amz-SignedHeaders"] == ["host"]
    assert signed["response-content-type"] == ["application/pdf"]
    [name] = signed["response-content-disposition"]
    assert name == "inline; filename*=utf-8''Rechnung%20f%C3%BCr%20Ada.pdf"


def test_a_page_may_load_from_the_bucket_and_from_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {"BUCKET_NAME": "shop-files", "BUCKET_REGION": "eu-central-1"}
    policy = read(monkeypatch, **given)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]

    files = "https://shop-files.s3.eu-central-1.amazonaws.com"
    assert policy["media-src"] == policy["connect-src"] == ["'self'", files]
    assert policy["img-src"] == ["'self'", "data:", files]
    assert policy["default-src"] == ["'self'"]


def test_without_a_bucket_only_we_are_asked(client: Client, db: Any) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "img-src 'self' data:" in policy.split("; ")
    assert "connect-src" not in policy


@pytest.mark.usefixtures("starts_processes")
def test_without_a_bucket_nothing_of_amazons_client_is_loaded() -> None:
    loaded = "import django, sys; django.setup(); import media.health, media.moving, media.tasks; "
    command = [sys.executable, "-c", f"{loaded}sys.exit('botocore' in sys.modules)"]

    subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603  ours


@pytest.mark.parametrize(
    ("kind", "form", "seconds"), [("rendition", "mp4", 15_000), ("poster", "jpeg", 60)]
)
def test_who_watches_a_film_may_jump_in_it_to_its_end(
    settings: Settings, kind: str, form: str, seconds: int
) -> None:
    use_bucket(settings, amazons("eu-central-1"))
    variant = Variant(asset=Asset(seconds=600.0), kind=kind, measure=480, format=form)
    signed = parse_qs(urlsplit(place("s3").address("media/ab/x.mp4", as_file(variant))).query)

    assert signed["X-Amz-Expires"] == [str(seconds)]
