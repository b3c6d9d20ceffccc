"""Why a server could not be started."""


class ServerFailed(Exception):
    """The server cannot run here; the message is one sentence for the person who started it."""
