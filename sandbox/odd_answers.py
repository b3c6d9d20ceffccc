"""What a service answers that does not do what it was asked, under a status that may say it did."""

from aiohttp import web

from sandbox.fault_switches import Mode

_SECONDS = 20
_PAGE = "<!doctype html><title>Welcome</title><p>Please log in to this network."


def odd_answer(mode: Mode) -> web.Response | None:
    """None where it behaves, as far as these faults go."""
    if mode is Mode.TOO_MANY:
        error = {"error": {"message": "rate limit reached", "type": "rate_limit_exceeded"}}
        return web.json_response(error, status=429, headers={"Retry-After": str(_SECONDS)})
    if mode is Mode.ERROR_AS_SUCCESS:
        return web.json_response({"error": {"message": "the server had an error"}})
    if mode is Mode.GARBAGE:
        return web.Response(text=_PAGE, content_type="text/html")
    return None
