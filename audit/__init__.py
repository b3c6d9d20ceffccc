"""The audit trail: what happened, by whom, when. Knows nobody above it.

It stands low among the apps, so that whoever decides something writes it down in the transaction
that does it. Subjects and names are plain text: an entry outlives what it is about.
"""
