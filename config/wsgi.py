"""The WSGI door that granian opens."""

import os

from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
_application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - settings are ready only now

from config.forward import forward_pulses  # noqa: E402
from config.media import serve_media  # noqa: E402
from config.settings import env  # noqa: E402

# Visitors' addresses and HTTPS are believed from these proxies only (TRUSTED_PROXIES).
application = wrap_wsgi_with_proxy_headers(
    forward_pulses(serve_media(_application, settings.LIVE_DIR), env.pulses.socket),
    trusted_hosts=settings.TRUSTED_PROXIES,
)
