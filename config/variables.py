"""The environment as it is given: variables, and files named by variables.

`SECRET_KEY_FILE=/run/secrets/secret_key` is read as SECRET_KEY: a container's environment can be
seen by whoever may ask its engine, a file by those who may read it. Any setting may come so; the
file wins over the variable, and the newline that editors leave at its end is not part of it.
"""

import sys
from pathlib import Path

from environ.fileaware_mapping import FileAwareMapping


class Variables(FileAwareMapping):  # type: ignore[misc]  # the package has no types
    """The environment. A file that cannot be read ends the process, with its name."""

    def __getitem__(self, key: str) -> str:
        """The file's text, else the variable. KeyError when there is neither."""
        try:
            text: str = super().__getitem__(key)
        except (OSError, UnicodeDecodeError) as error:
            path = Path(self.env[f"{key}_FILE"])
            sys.exit(
                f"Halyard does not start: {key}_FILE names {path}, which cannot be read: {error}."
            )
        return text.removesuffix("\n").removesuffix("\r")
