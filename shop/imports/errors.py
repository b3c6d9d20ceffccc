"""What can be wrong with a file as a whole. Its words are shown to whoever brought it."""


class NotReadable(Exception):
    """Nothing of this file can be imported."""


class NotImportable(Exception):
    """This cannot be imported now."""
