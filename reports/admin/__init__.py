"""The admin's view of what was written: documents, tickets, exports of any list, statements."""

from reports.admin import documents, exports, months, statements

__all__ = ["documents", "exports", "months", "statements"]
