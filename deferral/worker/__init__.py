"""A worker as a process: that it lives, that it is ready, that it leaves, that it is replaced.

Promises: a process that dies, hangs or goes deaf is known within seconds, without heartbeats in
the database. What a worker does with a job stands in `deferral.tasks`. Imports `database` and
`broker`.
"""
