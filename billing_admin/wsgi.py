"""The WSGI application, served by gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from foundation.statement_limits import Work, limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "billing_admin.settings")

application = get_wsgi_application()

# A page makes some 10,000 objects that may be garbage. Look for it after a page, not ten times
# while it is made, and not among the modules, which stay.
gc.freeze()
gc.set_threshold(10_000)
limit_statements(Work.PAGES)
