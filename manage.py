#!/usr/bin/env python
"""Django's command line: `python manage.py help` lists what there is."""

import os
import sys

from deferral.management.running import run

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    run(sys.argv)
