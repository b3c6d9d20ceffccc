"""What a reader copies from a page: its blocks of Python, each named by its first line."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"```python\n# (\S+\.py)\n(.*?)```", re.DOTALL)


def copy_code(page: str, home: Path) -> None:
    """Write the files of docs/`page` under `home`, their folders being packages."""
    for path, code in BLOCK.findall((ROOT / "docs" / page).read_text()):
        target = home / path
        target.parent.mkdir(exist_ok=True)
        (target.parent / "__init__.py").touch()
        target.write_text(code)
