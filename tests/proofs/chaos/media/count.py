"""What is there in the end: read in the storage itself and in the mail server's journal.

The storage's list of names says what there is, not our rows; each file is decoded to its end.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from deferral.models import Job
from media.models import Asset, Variant
from tests.proofs.chaos.media.decoding import Name, problem
from tests.proofs.chaos.media.uploaders import FORMATS, Upload
from tests.rig.s3 import BUCKET

if TYPE_CHECKING:
    from tests.bench.stage import Stage

# media/3f/rendition-7kq2m9xv-480-mp4-3f…16 letters.mp4
NAMED = re.compile(r"media/../(\w+)-(\w+)-(\d+)-(\w+)-[0-9a-f]{16}\.\w+")
MISSING = "it is missing"


# By task, the kinds of files that it makes. Nothing of a film is made before its first look.
MAKES = {
    "media.make_picture": {"picture"},
    "media.look_at_film": {"rendition", "still", "poster"},
    "media.make_rendition": {"rendition"},
    "media.make_stills": {"still", "poster"},
}


@dataclass(frozen=True, kw_only=True)
class Dead:
    """A job that was given up, and its words. `size` is of one that makes a single size."""

    task: str
    words: str
    size: int | None = None

    def makes(self, kind: str, measure: int) -> bool:
        """Whether that file was to come of it."""
        return kind in MAKES.get(self.task, ()) and self.size in {None, measure}


@dataclass
class Found:
    """Sentences, each about something that is wrong; and how much is right, or said to be dead."""

    right: int = 0
    dead: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stray: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Counting:
    """Of one storm. `folder` is for a file at a time."""

    stage: "Stage"
    client: Any
    folder: Path
    found: Found = field(default_factory=Found)
    by_name: dict[Name, list[str]] = field(default_factory=dict)

    def count(self, uploads: Sequence[Upload]) -> Found:
        """After the sweep."""
        stored, rows = names_in(self.client), named_by_rows()
        for match in filter(None, map(NAMED.fullmatch, stored)):
            kind, tag, measure, form = match.groups()
            self.by_name.setdefault((tag, kind, int(measure), form), []).append(match[0])
        twice = (names for names in self.by_name.values() if names[1:])
        self.found.doubled += [f"the same file twice: {names}" for names in twice]
        self.found.stray += sorted(stored - rows)
        self.found.lost += [f"{name} has a row and no file" for name in sorted(rows - stored)]
        for upload in uploads:
            self._judge(upload)
        return self.found

    def _judge(self, upload: Upload) -> None:
        """One mail, and each of its files is right, or the mail says that it could not be made."""
        mails = mails_to(self.stage, upload.by)
        if len(mails) != 1:
            amiss = self.found.doubled if mails else self.found.lost
            amiss.append(f"{upload.by} has {len(mails)} mails")
        dead = list(dead_of(upload))
        for (kind, measure), size in upload.sent.made.items():
            said = any(is_said(dead, kind, measure, mail) for mail in mails)
            for form in FORMATS.get(kind, ("jpeg",)):
                what = f"{upload.sent.name} of {upload.by}: {kind} {measure} {form}"
                wrong = self._wrong((upload.tag, kind, measure, form), size, upload.sent.seconds)
                self._note(what, wrong, said=said)

    def _note(self, what: str, wrong: str, *, said: bool) -> None:
        if not wrong:
            self.found.right += 1
        elif wrong == MISSING and said:
            self.found.dead.append(what)
        else:
            self.found.lost.append(f"{what}: {wrong}")

    def _wrong(self, name: Name, size: tuple[int, int], seconds: int) -> str:
        """ "" of a file that is as it must be."""
        names = self.by_name.get(name, [])
        if not names:
            return MISSING
        content = self.client.get_object(Bucket=BUCKET, Key=names[0])["Body"].read()
        return problem(content, name, size, seconds, self.folder)


def dead_of(upload: Upload) -> Iterator[Dead]:
    """Each job of it that was given up, with what a person is told about it."""
    for job in Job.objects.filter(kwargs__tag=upload.tag, state=Job.State.DEAD):
        words, size = job.cause or job.task, job.kwargs.get("size")
        told = words if size is None else f"{size}p: {words}"
        yield Dead(task=job.task, size=size, words=told)


def is_said(dead: Sequence[Dead], kind: str, measure: int, mail: str) -> bool:
    """Whether the mail names a job that was to make this very file."""
    return any(one.words in mail for one in dead if one.makes(kind, measure))


def names_in(client: Any) -> set[str]:
    """Everything that the bucket has."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    return {one["Key"] for page in pages for one in page.get("Contents", [])}


def named_by_rows() -> set[str]:
    """What our tables say about uploads."""
    return {
        str(name)
        for model in (Asset, Variant)
        for name in model.objects.values_list("file", flat=True)
    }


def mails_to(stage: "Stage", address: str) -> list[str]:
    """Their words, by the mail server's own account; one that it got twice is there once."""
    url = f"{stage.sandbox.inbox}/api/messages"
    found = requests.get(url, {"to": address}, timeout=60).json()
    return [requests.get(f"{url}/{one['id']}", timeout=60).json()["text"] for one in found]


def repeats(stage: "Stage") -> Counter[str]:
    """Of each address: how often the mail server was given the same mail once more."""
    found = requests.get(f"{stage.sandbox.inbox}/api/messages", timeout=60).json()
    return Counter({one["to"][0]: one["deliveries"] - 1 for one in found if one["deliveries"] > 1})
