"""How much of what can be tried is tried: a share of it at home, where tests are waited for."""

import os

import pytest

# Nobody waits for CI.
THOROUGH = os.environ.get("CI") == "true"

# Of several tests of one mechanism at home the quicker ones are run, in CI all.
thorough = pytest.mark.skipif(not THOROUGH, reason="the longest of their kind: CI=true runs it too")
