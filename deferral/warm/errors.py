"""What keeps a value from being read or kept."""


class CacheAway(Exception):
    """The cache did not answer, answered with an error, or is not asked for a while. Says why."""
