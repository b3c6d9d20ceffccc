"""Too much work: queues are sampled, what can wait makes room, and each address has its rate.

Promises: nothing is shed but what says that it may be, and each is counted. Imports `ledger`,
`models` and what stands below.
"""
