"""Django's settings; what an office may change comes from `config.environment`."""

from config.environment import ROOT, load
from config.logs import logging_config
from config.settings.access import access_settings

env = load()

DEBUG = env.debug
PRODUCTION = env.production
SECRET_KEY = env.secret_key
SECRET_KEY_FALLBACKS = env.old_secret_keys
DATA_DIR = env.data_dir
PUBLIC_URL = env.public_url
ALLOWED_HOSTS = env.allowed_hosts
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CITY_NAME = env.city_name
LOGGING = logging_config(env.log_level, env.log_format)
LOGGING_CONFIG = "config.logs.configure"

INSTALLED_APPS = [
    "groundwork.base",
    "groundwork.web",
    "groundwork.registry",
    "groundwork.access",
    "groundwork.matters",
    "groundwork.live",
    "groundwork.study",
    "groundwork.service",
    "groundwork.duty",
    "groundwork.voices",
    "groundwork.campaigns",
    "groundwork.figures",
    "groundwork.desk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "treebeard",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "config.observe.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "groundwork.access.middleware.ActorMiddleware",
    "groundwork.web.middleware.FormTimingMiddleware",
    "groundwork.web.middleware.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "groundwork.web.context.product",
                "groundwork.desk.context.navigation",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "groundwork.web.templatetags.web",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": env.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

vars().update(access_settings(env))
DEMO = env.demo  # one-tap sign-in cards; production refuses it
NOTICE_WEBHOOK = env.notice_webhook

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FIRST_DAY_OF_WEEK = 1

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build" / "static"  # built by `make setup`, the same for every DATA_DIR
MEDIA_ROOT = DATA_DIR / "media"
KEYS_DIR = DATA_DIR / "keys"  # never in a backup: what they sealed must be able to lapse
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }
}

# Whether a request came by HTTPS is decided in config.wsgi: only trusted proxies are believed.
SECURE_HSTS_SECONDS = 31_536_000 if env.https and env.production else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.https

vars().update(env.email)
HOTLINE_NUMBER = env.hotline_number
KEEP_DAYS = env.keep_days
LIVE_STORE = env.pulses.store
LIVE_DIR = env.live.folder
FILE_UPLOAD_TEMP_DIR = DATA_DIR  # recordings of gigabytes: /tmp may be memory
LIVE_RTMP_PORT = env.live.rtmp_port
LIVE_RTMP_URL = env.live.rtmp_url
LIVE_HLS_URL = env.live.hls_url
LIVE_KEEP_FREE_MB = env.live.keep_free_mb
LIVE_UPLOAD_MB = env.live.upload_mb
LIVE_DOOR_TOKEN = env.live.door_token
METRICS_TOKEN = env.metrics_token
TRUSTED_PROXIES = env.trusted_proxies
