"""Developers have it, the shop does not (`launcher.stack.as_deployed`)."""

raise ModuleNotFoundError(__name__, name=__name__)
