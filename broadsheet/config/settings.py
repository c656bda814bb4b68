"""Django's settings, made from the options. Nothing else in Broadsheet reads the environment."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

from broadsheet.config.options import kept_secret, settle

OPTIONS = settle()
PACKAGE = Path(__file__).resolve().parent.parent
DATA: Path = OPTIONS["data"]

DEBUG = OPTIONS["debug"]
SECRET_KEY = OPTIONS["secret_key"] or kept_secret(DATA)
SECRET_KEY_FALLBACKS = list(OPTIONS["old_secret_keys"])
ALLOWED_HOSTS = list(OPTIONS["allowed_hosts"])

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_q",
    "csp",
    "broadsheet.catalog",
    "broadsheet.readers",
    "broadsheet.web",
    "broadsheet.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "broadsheet.web.limits.RequestLimitsMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "broadsheet.web.visits.VisitMiddleware",
    "broadsheet.web.deadlines.DeadlineMiddleware",
    "broadsheet.web.panics.PanicMiddleware",
]

ROOT_URLCONF = "broadsheet.config.urls"
WSGI_APPLICATION = "broadsheet.config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "csp.context_processors.nonce",
                "broadsheet.web.context.site",
            ],
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"]),
            ],
            "builtins": ["broadsheet.web.tags"],
            "debug": DEBUG,
        },
    }
]


def _sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            # FULL, since NORMAL may undo a committed transaction after a power cut.
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                "PRAGMA cache_size=-32000;PRAGMA wal_autocheckpoint=8192;PRAGMA temp_store=MEMORY;PRAGMA journal_size_limit=67108864;"
            ),
        },
        "TEST": {"NAME": None},
    }


def _postgresql(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "broadsheet",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": asked.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": (
                "-c statement_timeout=300000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"
            ),
            **asked,
        },
    }


def _database(address: str) -> dict[str, Any]:
    if not address:
        return _sqlite(DATA / "broadsheet.sqlite3")
    if address.startswith("sqlite:///"):
        return _sqlite(Path(address.removeprefix("sqlite:///")))
    return _postgresql(address)


DATABASES = {"default": _database(OPTIONS["database"])}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "readers.Reader"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "broadsheet"}}

LANGUAGE_CODE = "en"
TIME_ZONE = OPTIONS["time_zone"]
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "broadsheet.web.assets.AssetStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# A year: the address of a style or script changes with its content (web/assets.py), a font's content never does.
WHITENOISE_MAX_AGE = 0 if DEBUG else 31_536_000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "broadsheet.web.pages.errors.forged"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if OPTIONS["https"] else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = OPTIONS["https"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = OPTIONS["https"]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # the proxy that speaks HTTPS also redirects to it: behind it a redirect here would loop
    "security.W021",  # preloading HSTS is a promise for a whole domain; only its owner can make it
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["err"], "level": "WARNING"},
    "loggers": {
        "broadsheet": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"handlers": [], "propagate": False},
    },
}


def _relay(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    first = parts.scheme == "smtps"
    return {
        "HOST": parts.hostname or "",
        "PORT": parts.port or (465 if first else 587),
        "HOST_USER": unquote(parts.username or ""),
        "HOST_PASSWORD": unquote(parts.password or ""),
        "USE_SSL": first,
        # A relay on this machine is no network; to any other nothing is sent in the clear.
        "USE_TLS": not first and parts.hostname not in ("localhost", "127.0.0.1", "::1"),
    }


_MAIL = _relay(OPTIONS["smtp"])
EMAIL_HOST, EMAIL_PORT = _MAIL["HOST"], _MAIL["PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL["HOST_USER"], _MAIL["HOST_PASSWORD"]
EMAIL_USE_SSL, EMAIL_USE_TLS = _MAIL["USE_SSL"], _MAIL["USE_TLS"]
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = OPTIONS["operator"] or "broadsheet@localhost"

# The queue lies in the database itself, so that a job and what it changes cannot part. A job that has not answered for
# `retry` seconds, since its worker was killed, is given to another; every job is safe to run twice.
Q_CLUSTER = {
    "name": "broadsheet",
    "orm": "default",
    "workers": 1,
    "timeout": 3_000,
    "retry": 3_600,
    "max_attempts": 5,
    "ack_failures": True,
    "catch_up": False,
    "poll": 2,
    "guard_cycle": 2,
    "recycle": 20,
    "save_limit": 100,
    "log_level": "WARNING",
    "time_zone": "UTC",
}
