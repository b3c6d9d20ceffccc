"""A program of its own: it ends with what started it, keeps its limits, and is told of no other."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from media.films.apart import Limits, running
from media.films.errors import ProgramFailed, Stuck
from tests.rig.surroundings import ROOT
from tests.rig.waiting import eventually

LIMITS = Limits(cpu=20, size=1_000_000)
SLEEPS = [sys.executable, "-c", "import time; print('on', flush=True); time.sleep(60)"]
