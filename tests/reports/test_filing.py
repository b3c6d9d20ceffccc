"""Files: whole or not there, and written again without a trace."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from reports.filing import file_away

STORAGES = ["django.core.files.storage.FileSystemStorage", "reports.storage.WholeFileStorage"]


@pytest.fixture(params=STORAGES)
def stored(request, settings):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": request.param}}


def names():
    folders, _ = default_storage.listdir("documents")
    return [
        name for folder in folders for name in default_storage.listdir(f"documents/{folder}")[1]
    ]


@pytest.mark.usefixtures("stored")
def test_the_same_content_is_the_same_file():
    assert file_away(b"paper", key="receipt:1") == file_away(b"paper", key="receipt:1")
    assert len(names()) == 1


@pytest.mark.usefixtures("stored")
def test_what_a_killed_process_left_half_written_is_replaced():
    filed = file_away(b"paper", key="receipt:1")
    default_storage.delete(filed.name)
    default_storage.save(filed.name, ContentFile(b"pap"))

    file_away(b"paper", key="receipt:1")

    with default_storage.open(filed.name) as file:
        assert file.read() == b"paper"


@pytest.mark.usefixtures("stored")
def test_a_twin_that_was_quicker_leaves_one_file(monkeypatch):
    filed = file_away(b"paper", key="receipt:1")
    monkeypatch.setattr("reports.filing._is_whole", lambda *_: False)
    monkeypatch.setattr(type(default_storage._wrapped), "delete", quick_twin(filed.name))

    assert file_away(b"paper", key="receipt:1") == filed
    assert names() == [filed.name.rpartition("/")[2]]


def quick_twin(name):
    """A delete that has no effect on `name`: somebody wrote it again at once."""
    delete = type(default_storage._wrapped).delete
    return lambda self, gone: None if gone == name else delete(self, gone)


def test_a_write_that_breaks_off_leaves_nothing(settings):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": STORAGES[1]}}

    class Breaking(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"pap"
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        default_storage.save("documents/ab/x.pdf", Breaking(b"paper"))
    assert names() == []
