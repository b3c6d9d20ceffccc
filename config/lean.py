"""Stripe's SDK, without what it takes along for asynchronous calls that nobody here makes.

Where the sandbox is installed beside the shop, aiohttp is there too, and the SDK imports it where
it finds it: 7 MB in each of a dozen processes. In production it is not installed.
"""

import sys


def import_stripe() -> None:
    """So that whoever imports it afterwards has it as it is in production."""
    if "aiohttp" in sys.modules or "stripe" in sys.modules:
        return
    sys.modules["aiohttp"] = None  # type: ignore[assignment]  # "there is none", to an import
    try:
        import stripe  # noqa: F401 - this is the import
    finally:
        del sys.modules["aiohttp"]
