"""What a customer may read of themselves: all that is kept, as one file."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from deferral.names import LENGTH, new_tag
from media.models import StoredFile


class DataExport(models.Model):
    """What somebody asked for. How far it is, its job says. Leaves after a week, with its file.

    An account that has one is not deleted before: its file would stay.
    """

    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="data_exports")
    asked_at = models.DateTimeField(db_default=Now())
    ready_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """Of its job, and of the file that comes of it."""
        return f"my_data:{self.tag}"

    @property
    def subject(self) -> str:
        """What the ledger calls it."""
        return self.key

    @property
    def filename(self) -> str:
        """What a browser saves it as."""
        return f"halyard-my-data-{self.asked_at:%Y-%m-%d}.zip"


class DataExportFile(StoredFile):
    """The file, a ZIP."""

    folder: ClassVar[str] = "my-data"

    export = models.OneToOneField(DataExport, models.CASCADE, related_name="file")

    class Meta(StoredFile.Meta):
        default_permissions = ()
