"""The world outside Halyard, for a laptop: the services the shop talks to, and how to break them.

A request passes the faults, then time (latency), then the journal (acceptance, committed before
the reply). Imports nothing of ours, and nothing of ours imports it. Production runs without it.
"""
