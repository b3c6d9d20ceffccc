"""The names of pictures: as a cell lists them, and as a ZIP or a folder has them.

Systems differ in the case of letters, in how an umlaut is written and in which way a stroke leans.
A name without its folder is enough.
"""

import re

from deferral.text.composing import composed

# Neither stands in the name of a file: Windows allows no stroke, and nobody types a line break.
BETWEEN = re.compile(r"[|\r\n]")
# As our own export writes them; of a stroke that is in a name all the same, it makes another sign.
JOIN, STROKE, INSTEAD = " | ", "|", "_"


def listed(cell: str) -> list[str]:
    """Each once, in their order."""
    return list(dict.fromkeys(name for each in BETWEEN.split(cell) if (name := each.strip())))


def as_listed(name: str) -> str:
    """As a cell has it."""
    return name.replace(STROKE, INSTEAD)


def path_of(name: str) -> str:
    """With one kind of strokes and of umlauts."""
    return composed(name.replace("\\", "/")).removeprefix("./")


def folded(name: str) -> str:
    """Compared without the case of letters."""
    return composed(path_of(name).casefold())


def is_hidden(path: str) -> bool:
    """What systems put there for themselves (`__MACOSX/._pier.jpg`), and what leads elsewhere."""
    return any(part.startswith((".", "__MACOSX")) for part in path_of(path).split("/"))
