"""A file of products in the admin and from a shell: for whoever may add and change products."""

import csv
import html
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from deferral.errors import ServiceAway
from deferral.ledger.control import cancel_job
from deferral.management import waiting
from deferral.models import Job
from deferral.relay.expansion import expand_events
from shop.imports import receiving
from shop.imports.keeping import confirm
from shop.models import Product, ProductImport, ProductPicture
from tests.deferral.bench import deliver
from tests.rig import clocks
from tests.shop.imports.files import EBB, HEAD, brought, imported, lines, looked_at
from tests.shop.imports.zips import picture, zipped

UPLOAD = "/admin/shop/productimport/upload/"
Shop = dict[str, Product]


def away(*_: object, **__: object) -> None:
    """The storage, while it does not answer."""
    raise ServiceAway("object-storage does not answer", seconds=30)


def somebody(*permissions: str) -> Client:
    """One of the staff who may do this with products."""
    user = User.objects.create(email="clerk@example.org", is_staff=True)
    codes = [f"{one}_product" for one in permissions]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def sent(client: Client, content: bytes, name: str = "products.csv") -> Any:
    """Through the form."""
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def test_it_is_brought_looked_at_and_confirmed_by_who_may(transactional_db: None) -> None:
    client = somebody("add", "change", "view")
    page = sent(client, lines(EBB, "X-1,X,car,1,,no"))["Location"]
    [source] = ProductImport.objects.all()
    assert (source.uploaded_by, source.name) == ("clerk@example.org", "products.csv")
    work()
    shown = client.get(page).content.decode()
    assert "1 new, 0 changed, 0 as they are, 1 left out." in shown
    assert "Write one of these: print, home, ticket, download." in shown
    decided = client.post(f"/admin/shop/productimport/{source.pk}/decide/import/")
    work()

    assert decided.status_code == 302
    assert Product.objects.get(sku="PR-900").on_sale
    assert (
        "1 new"
        in client.get(f"/admin/shop/productimport/{source.pk}/progress/look/").content.decode()
    )


@pytest.mark.parametrize(
    ("limit", "most", "field"),
    [
        ("MOST_BYTES", 10, "file"),
        ("MOST_OF_PICTURES", 10, "pictures"),
        ("file_away", away, "__all__"),
    ],
)
def test_what_is_wrong_is_said_of_what_it_is_about(
    staff: Client, monkeypatch: pytest.MonkeyPatch, limit: str, most: Any, field: str
) -> None:
    monkeypatch.setattr(receiving, limit, most)
    pictures = SimpleUploadedFile("a.zip", zipped({"a.jpg": picture()}).read())
    page = staff.post(
        UPLOAD, {"file": SimpleUploadedFile("a.csv", lines(EBB)), "pictures": pictures}
    )

    assert list(page.context["form"].errors) == [field]
    assert page.context["form"].errors[field][0] in html.unescape(page.content.decode())


def test_an_import_that_was_cancelled_says_so_and_the_file_again_does_the_rest(
    open_shop: Shop, staff: Client
) -> None:
    source = looked_at(lines(EBB))
    confirm(productimport_id=source.pk, by="ada")
    expand_events()
    cancel_job(job_id=Job.objects.get(key=source.import_key).pk, by="ada", reason="rush hour")

    assert "discarded" in staff.get("/admin/shop/productimport/").content.decode()
    assert not Product.objects.filter(sku="PR-900").exists()
    assert imported(lines(EBB)).results == source.findings


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_one_whose_file_was_deleted_says_so_and_waits_for_nothing(
    open_shop: Shop,
    staff: Client,
    is_confirmed: bool,  # noqa: FBT001 - a parameter
) -> None:
    """Its job, too, is gone one day."""
    source = looked_at(lines(EBB))
    Job.objects.all().delete()
    now = timezone.now()
    ProductImport.objects.update(confirmed_at=now if is_confirmed else None, forgotten_at=now)
    page = staff.get(f"/admin/shop/productimport/{source.pk}/progress/found/").content.decode()

    assert "file deleted" in staff.get("/admin/shop/productimport/").content.decode()
    assert "file deleted" in page
    assert "hx-get" not in page


@pytest.mark.parametrize("permissions", [(), ("view",), ("view", "add"), ("view", "change")])
def test_who_may_not_do_both_may_not_import(db: None, permissions: tuple[str, ...]) -> None:
    client = somebody(*permissions)

    assert sent(client, lines(EBB)).status_code == 403
    assert client.get("/admin/shop/productimport/").status_code == 403
    assert "Import…" not in client.get("/admin/shop/product/").content.decode()
    assert not ProductImport.objects.exists()


def test_the_list_of_products_leads_there(staff: Client, stocked: Shop) -> None:
    page = staff.get("/admin/shop/product/").content.decode()

    assert f'<a href="{UPLOAD}">Import…</a>' in page
    assert staff.get(UPLOAD).status_code == 200


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "The submitted file is empty."), (b" \n", "The file is empty.")]
)
def test_a_file_in_which_nothing_is_is_refused_at_once(
    staff: Client, content: bytes, said: str
) -> None:
    assert said in sent(staff, content).content.decode()
    assert not ProductImport.objects.exists()


def test_a_file_that_is_too_large_is_refused_at_once(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MOST_BYTES", 100)

    assert receiving.TOO_LARGE in sent(staff, b"x" * 101).content.decode()
    assert not ProductImport.objects.exists()


def test_all_mistakes_are_a_file_that_runs_nothing(open_shop: Shop, staff: Client) -> None:
    source = looked_at(lines(*[f"A-{n},,car,=1+1,moon,no" for n in range(30)]))
    answer = staff.get(f"/admin/shop/productimport/{source.pk}/errors/")
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode())))

    assert rows[0] == ["Line", "Column", "What is wrong"]
    assert {row[0] for row in rows[1:]} == {str(n) for n in range(2, 32)}
    assert not any(row[2].startswith(("=", "+", "-", "@")) for row in rows)
    assert "attachment" in answer["Content-Disposition"]


def work() -> None:
    """What the relay and a worker do, once."""
    expand_events()
    for job in Job.objects.filter(state="pending", queue="bulk"):
        deliver(job)


@pytest.fixture
def shell(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., str]:
    """The command; while it waits, its jobs are worked."""

    def run(content: bytes, *options: str) -> str:
        path, out = tmp_path / "products.csv", io.StringIO()
        path.write_bytes(content)
        call_command("import_products", str(path), *options, stdout=out, stderr=io.StringIO())
        return out.getvalue()

    clocks.replace(monkeypatch, "sleep", lambda _: work())
    return run


def test_pictures_come_along_in_the_same_form(transactional_db: None) -> None:
    client = somebody("add", "change", "view")
    files = {
        "file": SimpleUploadedFile("products.csv", f"{HEAD},Pictures\n{EBB},a.jpg\n".encode()),
        "pictures": SimpleUploadedFile("all.zip", zipped({"a.jpg": picture()}).read()),
    }
    page = client.post(UPLOAD, files)["Location"]
    work()

    assert "1 new, 0 changed, 0 as they are, 0 left out, 1 more picture." in (
        client.get(page).content.decode()
    )
    assert ProductImport.objects.get().archive.name == "all.zip"


def test_from_a_shell_a_folder_of_pictures_comes_along(
    shell: Callable[..., str], tmp_path: Path
) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.jpg").write_bytes(picture())
    content = f"{HEAD},Pictures\n{EBB},a.jpg\n".encode()

    said = shell(content, "--yes", "--pictures", str(tmp_path / "pictures"))
    assert "Imported: 1 new, 0 changed, 0 as they are, 0 left out, 1 more picture." in said
    assert ProductPicture.objects.get().product.sku == "PR-900"


def test_from_a_shell_nobody_need_wait_and_somebody_confirms_it_later(
    shell: Callable[..., str],
) -> None:
    assert "products.csv is brought." in shell(lines(EBB), "--no-wait")
    assert not Job.objects.exists()

    source = ProductImport.objects.get()
    assert (source.withdrawn_at, source.confirmed_at) == (None, None)


def test_from_a_shell_a_wait_in_which_nothing_moves_says_why(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No relay runs; then one has run, and no worker does."""
    path, told = tmp_path / "products.csv", io.StringIO()
    steps: list[Callable[[], object]] = [expand_events, work]
    path.write_bytes(lines(EBB))
    monkeypatch.setattr(waiting, "STILL", 0.0)
    clocks.replace(monkeypatch, "sleep", lambda _: looks(told, steps))
    call_command("import_products", str(path), "--dry-run", stdout=told, stderr=told)

    assert "Nothing moves: no relay runs, and nothing is handed out without one." in told.getvalue()
    assert told.getvalue().count("Nothing moves") == 1
    assert "`manage.py doctor` says what is missing." in told.getvalue()


def test_where_a_relay_runs_a_wait_says_what_the_job_waits_for(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "is_living", lambda _: True)
    assert "the relay has not come to" in waiting.why_nothing_moves("import_check:none")
    source = brought(lines(EBB))
    expand_events()

    assert waiting.why_nothing_moves(source.check_key) == "No worker serves the queue bulk"


def looks(told: io.StringIO, steps: list[Callable[[], object]]) -> None:
    """Only once it was said is there a relay, and then a worker."""
    if steps and "Nothing moves" in told.getvalue():
        steps.pop(0)()


def test_from_a_shell_a_dry_run_says_it_and_changes_nothing(shell: Callable[..., str]) -> None:
    said = shell(lines(EBB, "X-1,X,car,1,,no"), "--dry-run")

    assert "1 new, 0 changed, 0 as they are, 1 left out." in said
    assert "line 3, Category: Write one of these" in said
    assert not Product.objects.exists()
    assert ProductImport.objects.get().withdrawn_at


def test_from_a_shell_it_is_imported_once_somebody_has_said_yes(shell: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="Nobody is here to confirm it"):
        shell(lines(EBB))
    assert not Product.objects.exists()
    assert ProductImport.objects.get().withdrawn_at

    assert "Imported: 1 new" in shell(lines(EBB), "--yes", "--by", "ada@example.org")
    assert "Nothing was changed." in shell(lines(EBB), "--yes")
    assert ProductImport.objects.filter(confirmed_by="ada@example.org").count() == 1


def test_from_a_shell_a_storage_that_is_away_is_said_and_no_traceback(
    shell: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "file_away", away)
    with pytest.raises(CommandError, match="object-storage does not answer"):
        shell(lines(EBB), "--yes")


@pytest.mark.parametrize("content", [b"", b"SKU,Colour\nA-1,blue\n", b"PK\x03\x04"])
def test_from_a_shell_a_file_that_cannot_be_read_is_an_error(
    shell: Callable[..., str], content: bytes
) -> None:
    with pytest.raises(CommandError):
        shell(content, "--yes")
