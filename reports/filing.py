"""Where receipts and tickets go."""

from media.filing import Filed, file_away
from reports.models import Document


def file_document(content: bytes, *, key: str) -> Filed:
    """A PDF among the documents. Safe to repeat, as `file_away` is."""
    return file_away(content, key=key, folder=Document.folder, suffix=".pdf")
