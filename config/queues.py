"""Which queues exist. Each is served by a worker: CONTRIBUTING.md says where those are started."""

QUEUES = ["critical", "mail", "partners", "analytics", "mailings", "background", "media", "bulk"]
# Their work waits for others: threads of one process may run it. What computes, or may crash in C,
# runs in children. See docs/adr/0029-what-waits-runs-in-threads.md.
THREAD_QUEUES = ["mail", "partners", "analytics", "mailings"]
# A job that was lost three times with a worker of threads may be what kills them: from then on it
# runs alone, in a child of this queue. Nobody waits for what else is in there.
ISOLATION_QUEUE = "bulk"
# When the others are behind, these are given less. See `deferral.pressure.levels`.
LOW_PRIORITY = ["bulk", "analytics", "mailings", "media", "background"]
