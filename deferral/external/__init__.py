"""External services: asked under the job's key, cut off by breakers, waited for in the ledger.

Promises: a service that fails costs the others nothing; a call ends, wherever it stands; who
answers again gets what waits for it within seconds. Imports `ledger`, `tasks` and what stands
below.
"""
