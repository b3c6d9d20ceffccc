"""What becomes of one mail that somebody waits for, by what whoever was to take it said.

Bury for what it wants never, else Retry: who refuses *us* refuses every mail until somebody mends
the settings. Imports `providers`, and nothing else of `notifications`.
"""
