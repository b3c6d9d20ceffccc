"""Signed notices that others send us (webhooks): checked, and stored once with their event.

Promises: nothing is stored that its sender has not signed over these very bytes, lately; a notice
and the event that follows from it commit together, once for each name its sender gives it, however
often and in whatever order it comes. A notice is a hint: nothing in it is believed, and whoever
handles the event asks the sender what is true. An app describes a sender as a `Source` and routes
an address to `receiver(source)`. Imports `events`, `models` and what stands below.
"""
