"""The sandbox has it, the shop does not (`sandbox.up.stack.as_deployed`)."""

raise ModuleNotFoundError(__name__, name=__name__)
