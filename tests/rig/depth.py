"""How much of what can be tried is tried: a share of it at home, where tests are waited for."""

import os

# Nobody waits for CI.
THOROUGH = os.environ.get("CI") == "true"
