"""`make bench`: what it costs, how long it takes, and what the usual ways cost beside it."""
