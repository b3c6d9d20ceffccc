"""What admin pages are made of, also those of other apps: lists, decisions, confirmations, times.

Promises: a list asks nothing that it does not name; what a person decides is asked, done and
written down in one transaction. Knows no page.
"""
