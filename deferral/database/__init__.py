"""PostgreSQL: what its refusals mean, who holds its locks, and how connections are kept.

Promises: one place says which error is our own outage and which is a bug. Imports `text` alone.
"""
