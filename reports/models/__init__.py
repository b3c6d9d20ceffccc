"""Documents, tickets and exports. Only this app writes these tables."""

from reports.models.documents import Document, Ticket
from reports.models.exports import Export, ExportFile

__all__ = ["Document", "Export", "ExportFile", "Ticket"]
