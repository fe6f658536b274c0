"""The door of the web server: `bulou.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulou.config.settings")
application = get_wsgi_application()
