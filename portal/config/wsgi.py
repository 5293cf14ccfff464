"""The web server's door: everything is loaded before the first request comes."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.config.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # imports every view

# What is loaded now stays as long as the process: the collector need not look at it again (nor touch, after a fork,
# the pages that workers share). A request makes some ten thousand objects, nearly all freed by their counts, so that
# looking for cycles every 700 objects costs more than a tenth of its time.
gc.collect()
gc.freeze()
gc.set_threshold(25_000, 10, 10)
