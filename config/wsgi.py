"""The web process. ROLE must be `web` before `config` is loaded: deploy/web.py sets it."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application

from config.production import refuse_to_start

application = get_wsgi_application()
refuse_to_start()
