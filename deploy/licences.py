"""Refuses a runtime dependency whose licence is not on this page.

    python deploy/licences.py [requirements/base.txt …]

It reads the metadata of what is installed here, for every line of the files: what we ask for and
what that brings along. A licence that is not in `ALLOWED` is added by a person, with the reason why
a shop may run on it. Ends with 1 and one sentence for each package that is refused.
"""

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

GIVEN = "asks for its text and the names of its authors, which the installed package carries"
LIBRARY = "we use the library as it comes, in files of its own that anybody can replace"
ALLOWED = {
    "0BSD": "asks for nothing",
    "Apache-2.0": GIVEN,
    "BSD": GIVEN,  # older metadata does not say which
    "BSD-2-Clause": GIVEN,
    "BSD-3-Clause": GIVEN,
    "CC0-1.0": "asks for nothing",
    "ISC": GIVEN,
    "LGPL-3.0-only": LIBRARY,
    "MIT": GIVEN,
    "MIT-0": "asks for nothing",
    "MIT-CMU": GIVEN,
    "MPL-2.0": "asks for the source of its own files where they are changed; we change none",
    "OFL-1.1": "fonts: they may be put into documents, and are not sold by themselves",
    "PSF-2.0": GIVEN,
    "Unlicense": "asks for nothing",
    "ZPL-2.1": GIVEN,
    "Zlib": "asks for its text where the source is handed on; we do not",
}
# What packages without an SPDX expression write instead.
SPELT = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "LGPLv3": "LGPL-3.0-only",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "New BSD": "BSD-3-Clause",
    "The Unlicense (Unlicense)": "Unlicense",
    "ZPL 2.1": "ZPL-2.1",
    "Zope Public License": "ZPL-2.1",
}
PACKAGE = re.compile(r"^[A-Za-z0-9][^\\\n]*", re.MULTILINE)


def refusals(requirements: str) -> list[str]:
    """A sentence for each package that may not be run."""
    named = [Requirement(line) for line in PACKAGE.findall(requirements)]
    if not named:
        return ["The file names no package."]
    wanted = [each.name for each in named if not each.marker or each.marker.evaluate()]
    return [said for name in wanted if (said := _refusal(name))]


def _refusal(name: str) -> str:
    try:
        found = licence_of(distribution(name))
    except PackageNotFoundError:
        return f"{name} is not installed, so its licence is unknown."
    if allowed(found):
        return ""
    return (
        f"{name} has the licence {found or 'nothing'!r}, which deploy/licences.py does not allow."
    )


def licence_of(package: Distribution) -> str:
    """As an SPDX expression where the package has one, else as it is written there."""
    if expression := _lines(package, "License-Expression"):
        return expression[0]
    written = "".join(_lines(package, "License")).strip()
    if _spdx(written) in ALLOWED:
        return written
    classified = [
        line.rpartition(" :: ")[2]
        for line in _lines(package, "Classifier")
        if line.startswith("License :: ") and not line.endswith("OSI Approved")
    ]
    return " AND ".join(map(_spdx, classified)) or written


def _lines(package: Distribution, name: str) -> list[str]:
    return package.metadata.get_all(name) or []


def allowed(expression: str) -> bool:
    """All of what AND joins, one of what OR joins; OR binds less. Brackets are for a person."""
    return any(
        all(_spdx(name.strip()) in ALLOWED for name in choice.split(" AND "))
        for choice in expression.split(" OR ")
    )


def _spdx(name: str) -> str:
    return SPELT.get(name, name)


if __name__ == "__main__":
    files = sys.argv[1:] or ["requirements/base.txt"]
    told = [line for file in files for line in refusals(Path(file).read_text())]
    sys.stderr.writelines(f"{line}\n" for line in told)
    sys.exit(1 if told else 0)
