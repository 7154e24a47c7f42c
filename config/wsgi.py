"""The WSGI door that granian opens."""

import os

from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - settings are ready only now

# Visitors' addresses and HTTPS are believed from these proxies only (TRUSTED_PROXIES).
application = wrap_wsgi_with_proxy_headers(_application, trusted_hosts=settings.TRUSTED_PROXIES)
