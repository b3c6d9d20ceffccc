"""The world outside Halyard, for a laptop: the strangers the shop talks to, and how to break them.

Imports nothing of ours, and nothing of ours imports it. Production runs without it.
"""
