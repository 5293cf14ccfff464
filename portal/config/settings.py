"""Settings, read from the environment. Every variable is described in docs/operations.md (a test sees to it).

LODESTONE_MODE says what this installation is: ``demonstration`` (the default: a made-up nation, accounts whose codes
are shown), ``production`` (refuses to start with anything unsafe) or ``test``.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.audit.domain.heads import new_key
from portal.config import environment as env
from portal.config.api_settings import API_AUTHENTICATION, REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401 - settings
from portal.core.logs import Whereabouts

BASE_DIR = Path(__file__).resolve().parents[2]
MODE = env.text("LODESTONE_MODE", "demonstration")
if MODE not in {"demonstration", "production", "test"}:
    raise ImproperlyConfigured("LODESTONE_MODE must be demonstration, production or test.")
PRODUCTION = MODE == "production"
DEMONSTRATION = MODE == "demonstration"
DEBUG = False

VAR = Path(env.text("LODESTONE_VAR", str(BASE_DIR / "var")))
VAR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = [key for key in env.secret("SECRET_KEY_FALLBACKS").split(",") if key]
if not SECRET_KEY:
    if PRODUCTION:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Make one with: python -c 'import secrets; print(secrets.token_urlsafe(64))' "
            "and give it as SECRET_KEY, or as a file named by SECRET_KEY_FILE."
        )
    SECRET_KEY = env.kept_secret(VAR / "secret-key", secrets.token_urlsafe(64))
if PRODUCTION and not all(env.is_strong(key) for key in [SECRET_KEY, *SECRET_KEY_FALLBACKS]):
    raise ImproperlyConfigured(
        "SECRET_KEY (and each of SECRET_KEY_FALLBACKS) must be 50 random characters or more, not a word or a default. "
        "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(64))'"
    )

ALLOWED_HOSTS = [host for host in env.text("ALLOWED_HOSTS").split(",") if host]
PUBLIC_URL = env.text(
    "PUBLIC_URL", "" if PRODUCTION else "http://localhost:" + env.text("PORT", "8000")
).rstrip("/")
if PRODUCTION and not (ALLOWED_HOSTS and PUBLIC_URL.startswith("https://")):
    raise ImproperlyConfigured(
        "In production ALLOWED_HOSTS (comma-separated) and PUBLIC_URL (https://…) must be set."
    )
if not PRODUCTION:
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]", "testserver"]

# --- applications -------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal.core",
    "portal.audit",
    "portal.accounts",
    "portal.contact",
    "portal.registry",
    "licensing",
    "reporting",
    "portal.public",
    "portal.dashboards",
    "portal.exchange",
    "portal.simulation",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "portal.config.apps.PortalStaticFiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_filters",
    "csp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
if MODE == "test":
    INSTALLED_APPS.append("django_migration_linter")  # a command of `make lint`
MIDDLEWARE = [
    "portal.core.middleware.client_address",
    "django.middleware.security.SecurityMiddleware",
    "portal.core.middleware.request_context",
    "portal.core.middleware.api_without_cookies",
    # before whatever may answer by itself: files, forwardings and refusals carry these headers too
    "csp.middleware.CSPMiddleware",
    "portal.core.middleware.more_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.middleware.actor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.accounts.middleware.session_age",
    "portal.accounts.middleware.language",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.core.middleware.no_nul",
    "portal.accounts.middleware.second_factor",
    "portal.core.middleware.refusals",
]
ROOT_URLCONF = "portal.config.urls"
WSGI_APPLICATION = "portal.config.wsgi.application"
EVENT_SUBSCRIBERS = "portal.config.subscribers.SUBSCRIBERS"
FENCES = "portal.config.fences.FENCES"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.config.navigation.page_context",
            ],
        },
    }
]

# --- data ---------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.database(env.secret("DATABASE_URL"), VAR / "lodestone.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if (
    PRODUCTION
    and DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
    and not env.boolean("ALLOW_SQLITE", False)
):
    raise ImproperlyConfigured(
        "Set DATABASE_URL to a PostgreSQL database (or ALLOW_SQLITE=True for a small office)."
    )
MEDIA_ROOT = VAR / "documents"  # files that people handed in; never served by address
MIGRATION_MODULES: dict[str, str] = {}

REDIS_URL = env.secret("REDIS_URL")
if PRODUCTION and not REDIS_URL and not env.boolean("ALLOW_FILE_BROKER", False):
    raise ImproperlyConfigured("Set REDIS_URL (or ALLOW_FILE_BROKER=True for a small office on one machine).")
_REDIS_CACHE: dict[str, object] = {
    "BACKEND": "portal.core.caching.PatientRedis",
    "LOCATION": REDIS_URL,
    "KEY_PREFIX": "lodestone-json",
    "OPTIONS": {"socket_timeout": 0.4, "socket_connect_timeout": 0.4, "retry": Retry(NoBackoff(), 0)},
}
_LOCMEM = "django.core.cache.backends.locmem.LocMemCache"
CACHES: dict[str, dict[str, object]] = {
    "default": _REDIS_CACHE
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    # what the checks said, kept while somebody looks: no GET writes to the database
    "verdicts": _REDIS_CACHE | {"KEY_PREFIX": "verdicts"}
    if REDIS_URL
    else {"BACKEND": _LOCMEM, "LOCATION": "verdicts"},
}

# --- people and sessions ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["portal.accounts.backends.OneHash"]
PASSWORD_RESET_TIMEOUT = 86_400  # seconds for which the link of a mail works
PASSWORD_HASHERS = ["portal.accounts.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "portal.accounts.validators.OrganisationNameValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # ours are in portal/accounts/guarding.py
THROTTLES = MODE != "test"  # the tests of the throttles switch them on
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - a path
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"  # beside a password; signing in by passkey alone requires it
MFA_TOTP_ISSUER = "Lodestone"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_COUNT = 10
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are proven by invitation and enrolment, not by allauth
MFA_ADAPTER = "portal.accounts.adapter.SecondFactorAdapter"
USERSESSIONS_TRACK_ACTIVITY = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # one cookie less
DEVICE_COOKIE_NAME = "device"
SESSION_ENGINE = "portal.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.core.error_pages.csrf_failure"

# --- transport ----------------------------------------------------------------------------------------------------
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    LANGUAGE_COOKIE_NAME, DEVICE_COOKIE_NAME = "__Host-language", "__Host-device"
    SECURE_SSL_REDIRECT = env.boolean("SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = 365 * 86_400
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = (
        ("HTTP_X_FORWARDED_PROTO", "https") if env.boolean("BEHIND_TLS_PROXY", False) else None
    )
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
TRUSTED_PROXIES = env.networks(env.text("TRUSTED_PROXIES"))
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_TEMP_DIR = None

# --- languages and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["portal.config.formats"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
LODESTONE_CLOCK_OFFSET = env.integer("LODESTONE_CLOCK_OFFSET", 0)

# --- files --------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "portal.config.static_files.StaticFiles"
    },
}
WHITENOISE_USE_FINDERS = MODE == "test"

# --- mail ---------------------------------------------------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.integer("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.boolean("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MAIL_FROM", "Lodestone <no-reply@lodestone.example>")

# --- workers ------------------------------------------------------------------------------------------------------
CELERY_BROKER_FOLDER = VAR / "broker"
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = (
    {"visibility_timeout": 3600, "socket_timeout": 2, "socket_connect_timeout": 2}
    if REDIS_URL
    else {
        "data_folder_in": str(CELERY_BROKER_FOLDER),
        "data_folder_out": str(CELERY_BROKER_FOLDER),
        "control_folder": str(VAR / "broker-control"),
        "store_processed": False,
    }
)
if not REDIS_URL:
    CELERY_BROKER_FOLDER.mkdir(parents=True, exist_ok=True)
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")

METRICS_TOKEN = env.secret("METRICS_TOKEN")

# --- the API (its framework's settings are in api_settings.py) ----------------------------------------------------
API_CALLS_A_MINUTE = 100_000 if MODE == "test" else 600  # by one token
API_EXPORT_CHECKS_A_MINUTE = 1_000_000 if MODE == "test" else 20_000  # by one token of customs
API_CALLS_A_MINUTE_WITHOUT_TOKEN = 100_000 if MODE == "test" else 60  # from one address

# --- messages to organisations' own systems -----------------------------------------------------------------------
WEBHOOK_NETWORKS = env.text("WEBHOOK_NETWORKS").split()  # sent to beside the internet, also without TLS
WEBHOOK_AUTHORITIES = env.text(
    "WEBHOOK_AUTHORITIES"
)  # a file of certificates trusted in the stead of the system's
TRADE_OF_RECORDS = "reporting.queries.traded.by_record"  # a floor above the registers, hence by name
REKEYED_TOO = "portal.contact.services.webhooks.rekey"  # a floor above second factors, hence by name
if PRODUCTION and WEBHOOK_NETWORKS:
    raise ImproperlyConfigured("WEBHOOK_NETWORKS opens private networks to outsiders: not in production.")

# --- the trail's signed heads, backups ----------------------------------------------------------------------------
AUDIT_HEADS = Path(env.text("AUDIT_HEADS", str(VAR / "heads.jsonl")))
AUDIT_KEY = env.secret("AUDIT_KEY")  # the worker that seals needs it, nobody else does
BACKUP_KEY = env.secret("BACKUP_KEY")
if not PRODUCTION:
    AUDIT_KEY = AUDIT_KEY or env.kept_secret(VAR / "audit-key.pem", new_key())
    BACKUP_KEY = BACKUP_KEY or env.kept_secret(VAR / "backup-key", secrets.token_urlsafe(48))

# --- licences: what is printed on them is signed --------------------------------------------------------------------
LICENCE_KEY = env.secret("LICENCE_KEY")
if not PRODUCTION:
    LICENCE_KEY = LICENCE_KEY or env.kept_secret(VAR / "licence-key.pem", new_key())

# --- what may be handed in ----------------------------------------------------------------------------------------
UPLOAD_MAX_BYTES = 25 * 2**20
DOCUMENT_SCANNER = env.text("DOCUMENT_SCANNER")  # a command; without one files are kept as not scanned
LINES_MAX = 50_000  # a filing's lines
LINES_AT_ONCE = 6_000  # above this an upload becomes a job with progress

# --- logs: one JSON object a line, UTC, no secrets ----------------------------------------------------------------
LOG_LEVEL = env.text("LOG_LEVEL", "WARNING" if MODE == "test" else "INFO")
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
structlog.configure(
    processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _SHARED,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                # kinds and places: messages and the values of variables would carry clients' names into the log
                structlog.processors.ExceptionRenderer(Whereabouts()),
                structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # kombu says at every ping that a folder as broker has no host name
    "loggers": {name: {"level": "ERROR"} for name in ("fontTools", "fpdf", "kombu")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
