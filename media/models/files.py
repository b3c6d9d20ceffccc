"""What a row remembers of a file. Each app keeps its own table: rows here would point upwards."""

from typing import IO, ClassVar

from django.db import models
from django.db.models.functions import Now

from media import places, reading
from media.errors import FileForgotten
from media.reading import Wanted


class StoredFile(models.Model):
    """A file we wrote. `key` is that of the job that wrote it; `sha256` says what must be in it.

    `place` is the storage where it was last known to stand: where a reader looks first.
    """

    # Of a concrete table: what is in this folder and in no row of any table is not needed.
    folder: ClassVar[str] = ""
    # Whether people from outside put files there. What of theirs has no row says nothing about us.
    from_outside: ClassVar[bool] = False

    key = models.CharField(max_length=200, unique=True)
    file = models.FileField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    place = models.CharField(max_length=20, db_default="", default="", blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    forgotten_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        ordering: ClassVar = ["-id"]
        # The nightly sweep asks by name.
        indexes: ClassVar = [models.Index(fields=["file"], name="%(class)s_file")]

    def __str__(self) -> str:
        return self.key

    @property
    def wanted(self) -> Wanted:
        """What to look for. FileForgotten when it was deleted on purpose."""
        if self.forgotten_at is not None:
            raise FileForgotten(self.key)
        name = str(self.file.name)
        return Wanted(name=name, place=self.place, size=self.size, sha256=self.sha256)

    def open(self) -> IO[bytes]:
        """The file, of the right size, to be closed by whoever asked. Its bytes may differ.

        FileNotFoundError when it was lost, FileDamaged, Retry.
        """
        return reading.open_found(self.wanted)

    def read(self) -> bytes:
        """The whole file, in memory, as it was written: FileDamaged where no place has that."""
        return reading.read(self.wanted)

    def forget(self) -> None:
        """Delete the file. The row says so first: a crash between leaves waste, and no lost file.

        Outside any transaction; what a storage could not delete now the sweep does. Retry.
        """
        model = type(self)
        model._default_manager.filter(pk=self.pk, forgotten_at=None).update(forgotten_at=Now())  # noqa: SLF001 - documented
        self.refresh_from_db(fields=["forgotten_at"])
        for where in places.names():
            places.place(where).remove(str(self.file.name))
