"""Every message taken, one row for each Message-ID."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.journal import Journal
from sandbox.mail.message import MailMessage
from sandbox.store import Store

_SHOWN = 500


@dataclass(frozen=True)
class Mailbox:
    """Message and journal entry are kept in one transaction."""

    store: Store
    journal: Journal

    def deliver(self, mail: MailMessage, recipients: list[str], raw: bytes) -> bool:
        """Keep a message; a second delivery of its Message-ID is folded into it. True when new."""
        with self.store.transaction():
            known = self.store.value("SELECT id FROM message WHERE message_id = ?", mail.message_id)
            if known:
                self._fold(known, mail)
            else:
                self._keep(mail, recipients, raw)
        return not known

    def _fold(self, known: int, mail: MailMessage) -> None:
        self.store.write("UPDATE message SET deliveries = deliveries + 1 WHERE id = ?", known)
        seen = self.journal.accepted("mail", mail.message_id)
        self.journal.repeat("mail", seen[0] if seen else mail.parcel)

    def _keep(self, mail: MailMessage, recipients: list[str], raw: bytes) -> None:
        attachments = [
            {"name": part.name, "type": part.type, "size": len(part.content)}
            | ({"inline": True} if part.cid else {})
            for part in mail.parts
        ]
        message = self.store.write(
            "INSERT INTO message"
            " (message_id, subject, sender, recipients, attachments, size, received_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            mail.message_id,
            mail.subject,
            mail.sender,
            json.dumps(recipients),
            json.dumps(attachments),
            len(raw),
            datetime.now(UTC).isoformat(timespec="milliseconds"),
        )
        self.store.write("INSERT INTO message_source (message, raw) VALUES (?, ?)", message, raw)
        self.journal.accept("mail", mail.parcel, {})

    def messages(self, *, to: str = "", containing: str = "", limit: int = _SHOWN) -> list[Any]:
        """Newest first; of one recipient, or with a text in the subject, when asked."""
        rows = self.store.rows(
            "SELECT * FROM message WHERE (? = '' OR EXISTS"
            " (SELECT 1 FROM json_each(recipients) WHERE lower(value) = lower(?)))"
            " AND instr(subject, ?) > 0 ORDER BY id DESC LIMIT ?",
            *(to, to, containing, limit),
        )
        return [_show(dict(row)) for row in rows]

    def message(self, number: int) -> dict[str, Any] | None:
        """One message, without its source."""
        row = self.store.row("SELECT * FROM message WHERE id = ?", number)
        return _show(dict(row)) if row else None

    def has_taken(self, message_id: str) -> bool:
        """Whether it was accepted, however often."""
        return bool(self.store.value("SELECT 1 FROM message WHERE message_id = ?", message_id))

    def source(self, number: int) -> bytes | None:
        """One message exactly as it was sent."""
        raw: bytes | None = self.store.value(
            "SELECT raw FROM message_source WHERE message = ?", number
        )
        return raw

    def count(self) -> int:
        """How many messages there are."""
        return int(self.store.value("SELECT count(*) FROM message"))


def _show(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "subject": row["subject"],
        "from": row["sender"],
        "to": json.loads(row["recipients"]),
        "message_id": row["message_id"],
        "attachments": json.loads(row["attachments"]),
        "deliveries": row["deliveries"],
        "size": row["size"],
        "received_at": row["received_at"],
    }
