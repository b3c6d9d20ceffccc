"""Files, and what people have uploaded. Only this app writes these tables."""

from media.models.assets import Asset, Variant
from media.models.files import StoredFile
from media.models.uploads import Upload

__all__ = ["Asset", "StoredFile", "Upload", "Variant"]
