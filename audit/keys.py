"""What an entry and its filing are called: the keys of the two effects. One names the other."""

ENTRY = "audit:"
FILED = "audit_filed:"


def entry_key(action: str, name: str) -> str:
    """`audit:order_paid:H-10482-7kq2m9xv`. `name` is what the subject is called outside."""
    return f"{ENTRY}{action}:{name}"


def filing_key(of_entry: str) -> str:
    """`audit_filed:order_paid:H-10482-7kq2m9xv`."""
    return f"{FILED}{of_entry.removeprefix(ENTRY)}"
