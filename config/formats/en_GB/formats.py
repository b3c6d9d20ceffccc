"""Names that Django looks for."""

DATETIME_FORMAT = "j M Y, H:i:s"
TIME_FORMAT = "H:i"
