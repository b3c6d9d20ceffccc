"""The admin's view of what was written: documents, tickets, and exports of any list."""

from reports.admin import documents, exports

__all__ = ["documents", "exports"]
