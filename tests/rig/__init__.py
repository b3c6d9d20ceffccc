"""The rig: one running shop for every test, journey, benchmark and storm, and what is known of it.

A newcomer starts here. A test that needs real processes takes the fixture `shop`
(tests/proofs/failures/conftest.py), a `RunningShop`:

    shop.relay()                            # start what the test needs; it is waited for
    shop.worker()                           # or thread_worker("mail"), or crew(): as in `make up`
    order = shop.order(tickets=2)           # bought and paid
    shop.settle(order)                      # until nothing about it is open
    assert shop.accepted(order) == EFFECTS  # in the receivers' journals, each exactly once

Processes take seconds to start. A file whose tests leave the shop whole shares one, `shared_shop`;
`test_work_that_kills.py` shows how.

A test that needs only the database, the broker or the world outside takes `db`, `transactional_db`
or `sandbox`, and starts no process.

| what | where |
|---|---|
| the shop to be bought from and broken: orders, crash points, `settle` | `running_shop` |
| its processes: web, relay, workers, beat; start, end, start again | `processes`, `started` |
| the world outside, as one process | `running_sandbox` |
| what that world has accepted | `journals` |
| what an order owes it: the one list | `owed_effects` |
| PostgreSQL and Valkey of a test run; of a program that is no test | `servers`, `stand_alone` |
| `make up` itself, with stand-ins for its programs | `running_stack` |
| environment and secrets; ports | `surroundings`, `ports` |
| empty tables, an empty broker | `emptying` |
| waiting until something is so | `waiting` |
| several at once; a server in a thread; how much is tried | `racing`, `listening`, `depth` |
"""
