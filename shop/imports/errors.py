"""What can be wrong with a file as a whole. Its words are shown to whoever brought it."""


class NotReadable(Exception):
    """Nothing of this file can be imported."""


class PicturesNotReadable(NotReadable):
    """Nothing of it, and that is the fault of the pictures that came along."""


class NotImportable(Exception):
    """This cannot be imported now."""


class NoPicture(Exception):
    """This picture cannot be added to the product of its line."""


class PictureMissing(NoPicture):
    """No file of that name came along."""
