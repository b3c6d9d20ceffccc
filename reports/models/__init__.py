"""Documents, tickets, exports and statements. Only this app writes these tables."""

from reports.models.documents import Document, Ticket
from reports.models.exports import Export, ExportFile
from reports.models.my_data import DataExport, DataExportFile
from reports.models.statements import Statement, StatementFile, StatementRun

__all__ = [
    "DataExport",
    "DataExportFile",
    "Document",
    "Export",
    "ExportFile",
    "Statement",
    "StatementFile",
    "StatementRun",
    "Ticket",
]
