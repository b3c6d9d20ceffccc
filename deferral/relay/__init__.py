"""The relay: events into jobs, due jobs into hints, dead processes' jobs back into due ones.

Promises: a hint that is lost is given again; nothing is published before its row is committed;
several relays may run. The only room that hands a message to Celery. Imports every room but
`admin` and `health`.
"""
