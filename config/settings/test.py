"""The same city for tests: cheap passwords, immediate tasks, plain static files."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import DATA_DIR, DATABASES

SECRET_KEY = "tests-only, and long enough for every signature"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
KEYS_DIR = Path(tempfile.mkdtemp(prefix="groundwork-keys-"))
LIVE_DIR = Path(tempfile.mkdtemp(prefix="groundwork-live-"))
LIVE_STORE = f"sqlite:///{LIVE_DIR}/pulses.sqlite3"
LIVE_KEEP_FREE_MB = 0  # the machine that tests may be small
atexit.register(shutil.rmtree, LIVE_DIR, ignore_errors=True)
atexit.register(shutil.rmtree, KEYS_DIR, ignore_errors=True)
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, so that threads and processes queue for it as in the city; one for each process, so
    # that two suites may run side by side; not waiting for the disk, because it may be lost.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / f"test-{os.getpid()}.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
WHITENOISE_AUTOREFRESH = True  # else every test client lists all static files: 50 ms each
