"""The door of the web server: `bulou.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from bulou.config import lifeline, memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulou.config.settings")
lifeline.follow_forker()
application = get_wsgi_application()
memory.settle()
