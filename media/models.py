"""What a row remembers of a file. Each app keeps its own table: rows here would point upwards."""

from typing import IO, ClassVar

from django.db import models
from django.db.models.functions import Now


class StoredFile(models.Model):
    """A file we wrote. `key` is that of the job that wrote it; `sha256` says what must be in it."""

    key = models.CharField(max_length=200, unique=True)
    file = models.FileField(max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.key

    def open(self) -> IO[bytes]:
        """The stored file, to be closed by whoever asked. FileNotFoundError when it was lost."""
        stored: IO[bytes] = self.file.storage.open(str(self.file.name))
        return stored

    def read(self) -> bytes:
        """The whole file, in memory."""
        with self.open() as stored:
            return stored.read()
