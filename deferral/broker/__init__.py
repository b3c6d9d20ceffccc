"""The broker: what it may answer, what its messages look like, and what is made of neither.

Promises: a broker that refuses counts as one that is away; a message that nobody can read costs
one log line and a count, never a process. Imports the registry of tasks and `text`.
"""
