"""The ledger: a job is claimed, worked on and settled, and each of these only under the fence.

Promises: whoever settles a job is the one who claimed it last; an effect of ours and `done` commit
together; dead rows stay until a person decides. Imports `database`, `models`, `errors` and what
stands below; knows no broker, no queue's server and no external service.
"""
