"""`python -m sandbox`: the strangers, their ledger, the inbox."""

from sandbox.server import main

if __name__ == "__main__":
    raise SystemExit(main())
