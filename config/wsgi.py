"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
framework = get_wsgi_application()

# Only now can the project's own rooms be read.
from cms.pagecache.door import Door  # noqa: E402

application = Door(framework)
