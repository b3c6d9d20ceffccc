"""The same shop written the usual ways, for comparison. Nothing here runs in production.

The services are the product's own, so that only the machinery differs. See `tests.bench`.
"""

import django
from django.apps import apps

# `celery -A tests.baselines.textbook` begins here.
if not apps.ready:
    django.setup()
