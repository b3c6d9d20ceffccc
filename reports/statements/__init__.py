"""Statements: each customer's month on paper, and the month's sums for the bookkeeper.

`months` says what a month is, `asking` begins one, `entries` reads what happened in it, `content`
makes the sums, `making` freezes them and fans out, `paper` and `writing` write the PDFs, `telling`
says when all is over, `status` how far it is.
"""
