"""Values that take long to make, kept beside the database with a time until which they are fresh.

A reader of a stale value is served at once and orders one rebuild; nobody waits for it. Only where
there is nothing, one reader builds and others wait for two seconds at most. What a change has made
stale is marked, never deleted. The cache may forget, lie, hang or be away: then values are built by
whoever asks for them, and nothing else changes.

Not for what has to be right to the second, and nothing of a person: a value is everybody's. Imports
any room but `admin`. The public names:

    deferral.warm.values      warm_value
    deferral.warm.reading     value_of, value_now, is_on
    deferral.warm.rebuilding  rebuild, order, warm_up
    deferral.warm.marking     mark_stale
"""
