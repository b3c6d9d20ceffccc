"""A file of products that somebody brought: what it would change, and what came of it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from deferral.names import LENGTH, new_tag
from media.models import StoredFile


class ProductImport(StoredFile):
    """The file as it came, looked at first; nothing is changed before somebody has confirmed it.

    `findings` are counts by outcome, of the dry run; `results` of the import itself. `refusal` is
    why the file as a whole cannot be read. How far each of the two is, its job says.
    """

    folder: ClassVar[str] = "imports"

    tag = models.CharField(max_length=LENGTH, default=new_tag, editable=False, unique=True)
    name = models.CharField(max_length=200)
    uploaded_by = models.CharField(max_length=254)
    uploaded_at = models.DateTimeField(db_default=Now())
    read_as = models.CharField(max_length=60, blank=True, db_default="")
    refusal = models.CharField(max_length=500, blank=True, db_default="")
    findings = models.JSONField(null=True)
    checked_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=254, blank=True, db_default="")
    confirmed_at = models.DateTimeField(null=True)
    results = models.JSONField(null=True)
    done_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(StoredFile.Meta):
        verbose_name = "import of products"
        verbose_name_plural = "imports of products"

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        """What the ledger calls it."""
        return f"import:{self.tag}"

    @property
    def check_key(self) -> str:
        """Of the job that looks at it and changes nothing."""
        return f"import_check:{self.tag}"

    @property
    def import_key(self) -> str:
        """Of the job that imports it."""
        return f"import_products:{self.tag}"


class ImportArchive(StoredFile):
    """The pictures that came along with a file, as a ZIP. There is none or one."""

    folder: ClassVar[str] = "imports"

    source = models.OneToOneField(ProductImport, models.CASCADE, related_name="archive")
    name = models.CharField(max_length=200)

    class Meta(StoredFile.Meta):
        verbose_name = "pictures of an import"

    def __str__(self) -> str:
        return self.name


class ChangedCell(models.Model):
    """What a cell would change, as the file writes it: before, and after. Kept of the first ones.

    Of a long text it is the part around the first letter that differs.
    """

    source = models.ForeignKey(ProductImport, models.CASCADE, related_name="changed_cells")
    line = models.PositiveIntegerField()
    sku = models.CharField(max_length=40)
    column = models.CharField(max_length=60)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        before, after = (each or "nothing" for each in (self.before, self.after))
        return f"line {self.line}, {self.sku}, {self.column}: {before} → {after}"


class RefusedCell(models.Model):
    """Why a line of the file is left out. `column` is "" where it is about the whole line."""

    source = models.ForeignKey(ProductImport, models.CASCADE, related_name="refused_cells")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=60, blank=True)
    said = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.said}"
