"""`python -m sandbox`: the external services, their journal, the inbox."""

from sandbox.server import main

if __name__ == "__main__":
    raise SystemExit(main())
