"""Signed notices that others send us (webhooks): checked, and stored once with their event.

Promises: nothing is stored that its sender has not signed over these very bytes, lately; a notice
and the event that follows from it commit together, once for each name its sender gives it, however
often and in whatever order it comes. A notice is a hint: nothing in it is believed, and whoever
handles the event asks the sender what is true. Of a sender whose notices say it themselves the
content is kept with them, and what follows must be the same in whatever order they come. An app
describes a sender as a `Source`, or has `signed_source` do it, and routes an address to
`receiver(source)`. Imports `events`, `models`, `signatures` and what stands below.
"""
