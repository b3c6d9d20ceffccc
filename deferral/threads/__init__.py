"""Jobs that wait for others run in threads of one process: what Celery's thread pool leaves out.

Promises: a job ends at its limit though its process goes on; one that nothing can end is alone to
blame; who leaves, or is to be replaced, finishes or gives back what runs. Imports `ledger`,
`worker` and what stands below.
"""
