"""Links at the foot of every page of the shop. Apps above it add theirs."""

from dataclasses import dataclass

from deferral.slots import Slot


@dataclass(frozen=True, kw_only=True, slots=True)
class FooterLink:
    """What it says, and the name of the page it leads to."""

    label: str
    view: str


FOOTER: Slot[FooterLink] = Slot("the link in the footer")
