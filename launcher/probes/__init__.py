"""How a program is known to be ready. Looking never blocks: one thread looks after everybody."""

from launcher.probes.listens import Listens
from launcher.probes.notifies import Notifies
from launcher.probes.probe import All, Answers, Probe
from launcher.probes.responds import Responds

__all__ = [
    "All",
    "Answers",
    "Listens",
    "Notifies",
    "Probe",
    "Responds",
]
