"""Pictures that come along with a file of products: found by name, added once, never unpacked."""

import io
import random
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from media.models import Asset
from media.places import place
from shop.gallery import remove_picture
from shop.imports import importing, pictures
from shop.imports.archive import LOCKED, MISSING, PACKED, Archive
from shop.imports.directory import MOST_FILES, MOST_LISTED, NO_ZIP, TOO_MANY
from shop.imports.errors import NoPicture, NotReadable
from shop.imports.keeping import KEPT, confirm, forget_old_imports
from shop.imports.packing import packed
from shop.models import MOST_PICTURES, ImportArchive, Product, ProductImport, ProductPicture
from tests.media.drawn import SVG, bomb, photo
from tests.shop.imports.files import counts, errors, imported, lines, looked_at, work
from tests.shop.imports.zips import belittled, flagged, picture, saying, zipped
from tests.shop.pictured import added, names

Shop = dict[str, Product]
HEAD = "SKU,Pictures"
FULL = f"It would have 21 pictures. A product has {MOST_PICTURES} at most."


def mug(*listed: str) -> bytes:
    """A line of the mug that names these."""
    return lines(f"HO-001,{'|'.join(listed)}", head=HEAD)


def said(content: bytes, pictures: IO[bytes] | None) -> list[str]:
    """What a dry run says of its pictures."""
    return [sentence for _, column, sentence in errors(looked_at(content, pictures))]


def test_pictures_are_added_in_their_order_behind_those_that_are_there(open_shop: Shop) -> None:
    product = open_shop["harbour-mug"]
    added(product, "old.jpg")
    along = zipped({"summer/a.jpg": picture(41), "b.jpg": picture(42), "c.jpg": picture(43)})
    source = imported(mug("b.jpg", "a.jpg"), along)

    assert source.results == source.findings
    assert counts(source.results, "changed", "pictures") == [1, 2]
    assert names(product) == ["old.jpg", "b.jpg", "a.jpg"]
    assert set(Asset.objects.values_list("verdict", flat=True)) == {Asset.Verdict.OK}


def test_a_dry_run_adds_none_and_a_new_product_gets_its_own(open_shop: Shop) -> None:
    head = "SKU,Title,Category,Price,Pictures"
    content = lines("A-1,One,home,10,a.jpg", head=head)
    source = looked_at(content, zipped({"a.jpg": picture()}))
    assert not ProductPicture.objects.exists()

    confirm(productimport_id=source.pk, by="ada")
    work(source.import_key)
    assert names(Product.objects.get(sku="A-1")) == ["a.jpg"]


def test_a_picture_that_is_there_is_not_added_twice_whatever_it_is_called(open_shop: Shop) -> None:
    imported(mug("a.jpg", "same.jpg"), zipped({"a.jpg": picture(), "same.jpg": picture()}))
    again = looked_at(mug("a.jpg", "other.jpg"), zipped({"other.jpg": picture()}))

    assert names(open_shop["harbour-mug"]) == ["a.jpg"]
    assert counts(again.findings) == [0, 0, 1, 0]
    assert not errors(again)


def test_an_empty_cell_takes_no_picture_away(open_shop: Shop) -> None:
    added(open_shop["harbour-mug"], "old.jpg")

    assert counts(looked_at(mug()).findings) == [0, 0, 1, 0]


def test_a_picture_that_did_not_come_along_is_an_error_of_its_line(open_shop: Shop) -> None:
    source = imported(
        lines("HO-001,a.jpg", "HO-002,b.jpg|a.jpg", head=HEAD), zipped({"a.jpg": picture()})
    )

    assert errors(source) == [(3, "Pictures", f"b.jpg: {MISSING}")]
    assert names(open_shop["harbour-mug"]) == ["a.jpg"]
    assert ProductPicture.objects.count() == 1
    assert said(mug("a.png"), None) == [f"a.png: {MISSING}"]


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("PIER.JPG", "pier.jpg"),
        ("Übersee.jpg", "U\u0308bersee.jpg"),
        ("summer\\pier.jpg", "All/Summer/pier.jpg"),
        ("./pier.jpg", "pier.jpg"),
    ],
)
def test_a_name_is_found_however_a_system_writes_it(open_shop: Shop, name: str, there: str) -> None:
    along = zipped({there: picture(), "__MACOSX/._pier.jpg": b"x", "._pier.jpg": b"x"})

    assert said(mug(name), along) == []


def test_of_names_that_differ_in_capitals_each_is_found_by_its_own(open_shop: Shop) -> None:
    files = {"Pier.jpg": picture(41), "pier.jpg": picture(42), "b/pier.jpg": picture(43)}
    imported(mug("pier.jpg", "Pier.jpg"), zipped(files))
    sums = Asset.objects.order_by("id").values_list("width", flat=True)

    assert list(sums) == [42, 41]
    [complaint] = said(mug("PIER.jpg"), zipped(files))
    assert "Several files are called that, Pier.jpg and pier.jpg." in complaint


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "..", "/", "%2e%2e/a.jpg"])
def test_a_name_that_leads_elsewhere_is_nobodys(open_shop: Shop, name: str) -> None:
    along = zipped({"../../etc/passwd": picture(), "/etc/shadow": picture(41), "a.jpg": picture()})

    assert said(mug(name), along) == [f"{name}: {MISSING}"]


BAD: list[tuple[str, IO[bytes], str]] = [
    ("no picture", zipped({"a.jpg": SVG}), "SVG"),
    ("nothing", zipped({"a.jpg": b""}), "empty"),
    ("too many pixels", zipped({"a.jpg": bomb().read()}), "megapixels"),
    ("half of one", zipped({"a.jpg": picture()[:200]}), ""),
    ("a bomb", zipped({"a.jpg": b"\0" * 40_000_000}, zipfile.ZIP_DEFLATED), "no picture"),
    ("packed by another method", zipped({"a.jpg": picture()}, zipfile.ZIP_BZIP2), PACKED),
    ("a password", flagged({"a.jpg": picture()}), LOCKED),
    (
        "damaged",
        io.BytesIO(zipped({"a.jpg": picture()}).read().replace(picture()[20:60], b"x" * 40)),
        "The ZIP is damaged here.",
    ),
]


@pytest.mark.parametrize(("along", "sentence"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_what_is_no_picture_is_an_error_of_its_line(
    open_shop: Shop, along: IO[bytes], sentence: str
) -> None:
    [complaint] = said(mug("a.jpg"), along)

    assert complaint.startswith("a.jpg: ")
    assert sentence in complaint


LIARS: list[tuple[str, IO[bytes], str]] = [
    ("no ZIP", io.BytesIO(b"GIF89a"), NO_ZIP),
    ("an end alone", io.BytesIO(b"PK\x05\x06" + b"\xff" * 18), TOO_MANY),
    ("too many files", saying(MOST_FILES + 1, 1_000), TOO_MANY),
    ("a list that is too long", saying(1, MOST_LISTED + 1), TOO_MANY),
    ("more files than it says", belittled(MOST_FILES + 1), TOO_MANY),
    ("a list that is not there", saying(1, 100_000), NO_ZIP),
]


@pytest.mark.parametrize(("along", "sentence"), [x[1:] for x in LIARS], ids=[x[0] for x in LIARS])
def test_a_zip_that_cannot_be_read_refuses_the_file(
    open_shop: Shop, along: IO[bytes], sentence: str
) -> None:
    assert looked_at(mug("a.jpg"), along).refusal == sentence


def test_whatever_is_damaged_in_a_zip_is_said_in_a_sentence(tmp_path: Path) -> None:
    """Of a file on the disk: another answers otherwise to a place that it does not have."""
    whole, dice = zipped({"a.jpg": picture(), "b/c.jpg": picture(41)}).read(), random.Random(3)  # noqa: S311 - no secret
    came = 0
    for _ in range(1_500):
        content = bytearray(whole)
        content[dice.randrange(len(whole) - 200, len(whole))] = dice.choice([0, 255, 80])
        (tmp_path / "all.zip").write_bytes(content)
        with (tmp_path / "all.zip").open("rb") as file, suppress(NotReadable, NoPicture):
            archive = Archive(file)
            archive.read(archive.find("a.jpg"))
            came += 1

    assert 0 < came < 1_500


def test_a_product_gets_no_more_than_it_may_have(open_shop: Shop) -> None:
    files = {f"{n}.jpg": picture(20 + n) for n in range(MOST_PICTURES)}
    added(open_shop["harbour-mug"], "old.jpg")
    [complaint] = said(mug(*files), zipped(files))

    assert complaint == FULL


def test_more_names_than_a_product_may_have_are_one_complaint_and_none_is_looked_for(
    open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Archive, "find")
    names = [f"{n}.jpg" for n in range(30_000)]

    assert said(mug(*names), zipped({"0.jpg": picture()})) == [
        f"It names 30,000 pictures. A product has {MOST_PICTURES} at most."
    ]


def test_a_picture_that_a_product_has_twice_takes_two_places(open_shop: Shop) -> None:
    for _ in range(MOST_PICTURES):
        added(open_shop["harbour-mug"], "old.jpg")
    source = imported(
        lines("HO-001,a.jpg", "HO-002,a.jpg", head=HEAD), zipped({"a.jpg": picture()})
    )

    [(line, _, complaint)] = errors(source)
    assert (line, complaint) == (
        2,
        f"It would have 21 pictures. A product has {MOST_PICTURES} at most.",
    )
    assert counts(source.results, "changed", "refused", "pictures") == [1, 1, 1]


def test_a_line_whose_product_is_full_by_now_is_left_out_whole(
    open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    mug, real = open_shop["harbour-mug"], importing._create
    rows = lines("HO-001,Another,a.jpg", "HO-002,Other,a.jpg", head="SKU,Title,Pictures")

    def meanwhile(*args: Any) -> None:
        for _ in range(MOST_PICTURES):
            added(mug, "old.jpg")
        real(*args)

    monkeypatch.setattr(importing, "_create", meanwhile)
    source = imported(rows, zipped({"a.jpg": picture()}))
    titles = Product.objects.filter(sku__in=["HO-001", "HO-002"]).order_by("sku")

    assert counts(source.results, "changed", "refused", "pictures") == [1, 1, 1]
    assert list(titles.values_list("title", flat=True)) == [mug.title, "Other"]


def test_the_zip_is_deleted_with_its_file_and_the_pictures_stay(open_shop: Shop) -> None:
    imported(mug("a.jpg"), zipped({"a.jpg": picture()}))
    ProductImport.objects.update(uploaded_at=timezone.now() - KEPT)
    assert forget_old_imports() == 1
    archive = ImportArchive.objects.get()

    assert archive.forgotten_at
    assert not default_storage.exists(str(archive.file))
    assert default_storage.exists(str(Asset.objects.get().file))


def test_a_picture_that_is_taken_away_while_a_line_is_written_does_not_come_back(
    open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the line was locked it had it, so nothing was put into storage for it."""
    kept = added(open_shop["harbour-mug"], "a.jpg", 40)
    source = looked_at(
        mug("a.jpg", "b.jpg"), zipped({"a.jpg": photo(40, 350).read(), "b.jpg": picture()})
    )
    confirm(productimport_id=source.pk, by="ada")
    real = pictures.keep_originals

    def meanwhile(*args: Any) -> Any:
        found = real(*args)
        remove_picture(picture_id=kept.pk)
        return found

    monkeypatch.setattr(importing, "keep_originals", meanwhile)
    work(source.import_key)
    source.refresh_from_db()

    assert names(open_shop["harbour-mug"]) == ["b.jpg"]
    assert counts(source.results, "changed", "pictures") == [1, 1]


def originals() -> set[str]:
    return {one.name for one in place("local").names(Asset.folder)}


def test_of_an_import_that_is_withdrawn_while_pictures_are_kept_none_is_left(
    open_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = looked_at(mug("a.jpg"), zipped({"a.jpg": picture()}))
    confirm(productimport_id=source.pk, by="ada")
    real, before = pictures.keep_originals, originals()

    def meanwhile(*args: Any) -> Any:
        found = real(*args)
        assert originals() > before
        ProductImport.objects.update(withdrawn_at=timezone.now())
        return found

    monkeypatch.setattr(importing, "keep_originals", meanwhile)
    work(source.import_key)

    assert originals() == before


def test_a_folder_comes_along_as_it_is_and_leads_nowhere(open_shop: Shop, tmp_path: Path) -> None:
    outside = tmp_path / "secret.jpg"
    outside.write_bytes(picture(50))
    folder = tmp_path / "pictures"
    (folder / "summer").mkdir(parents=True)
    (folder / "summer" / "a.jpg").write_bytes(picture())
    (folder / "link.jpg").symlink_to(outside)
    with packed(folder) as along:
        source = imported(lines("HO-001,A.JPG", "HO-002,link.jpg", head=HEAD), along)

    assert counts(source.results) == [0, 1, 0, 1]
    assert names(open_shop["harbour-mug"]) == ["a.jpg"]


def test_a_folder_with_too_many_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shop.imports.packing.MOST_OF_PICTURES", 100)
    (tmp_path / "a.jpg").write_bytes(picture())
    with pytest.raises(NotReadable, match="The pictures have at most"), packed(tmp_path):
        pass
