"""Settings, read only from the environment.

`SECRET_KEY`, `ALLOWED_HOSTS` and `DATABASE_URL` are required; an error names missing ones.
All defaults suit production. `make run` sets the environment for a copy on one's own machine.
docs/operations.md lists every variable.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from foundation.encryption_keys import is_encryption_key

env = environ.Env()  # type: ignore[no-untyped-call]
BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.bool("DEBUG", default=False)
# Whether people use HTTPS, through a proxy that sets X-Forwarded-Proto.
HTTPS = env.bool("HTTPS", default=True)
LOG_FORMAT = env.str("LOG_FORMAT", default="json")

_missing = [
    name
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL")
    if not env.str(name, default="")
]
if _missing:
    raise ImproperlyConfigured(
        f"Set {', '.join(_missing)} in the environment; see docs/operations.md. "
        "For a copy on this machine only, use `make run`."
    )
if LOG_FORMAT not in ("json", "text"):
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}; it must be json or text.")

SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
# The start of links in emails and of redirects to HTTPS. What browsers name as the host is used for
# neither: anybody can name any host that is allowed.
BASE_URL = env.str("BASE_URL", default="")
if not BASE_URL and not ALLOWED_HOSTS[0].startswith(("*", ".")):
    BASE_URL = f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0]}"
_base = urlsplit(BASE_URL)
if _base.scheme not in ("http", "https") or not _base.netloc or _base.path.strip("/"):
    raise ImproperlyConfigured(
        f"BASE_URL is {BASE_URL!r}; set it to the address of this site without a path, "
        "such as https://billing.example.com."
    )
# What encrypts stored secrets, the newest first; foundation/encryption.py.
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", default=[])
if not all(map(is_encryption_key, ENCRYPTION_KEYS)):
    raise ImproperlyConfigured(
        "ENCRYPTION_KEYS has something that is not a key: 32 bytes in URL-safe Base64, "
        "44 characters. See docs/operations.md."
    )
DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL"),
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
    }
}

# How many seconds PostgreSQL may work on one statement; foundation/statement_limits.py.
STATEMENT_SECONDS = {
    "pages": env.float("PAGE_STATEMENT_SECONDS", default=30),
    "exports": env.float("EXPORT_STATEMENT_SECONDS", default=300),
    "jobs": env.float("JOB_STATEMENT_SECONDS", default=600),
    "imports": env.float("IMPORT_STATEMENT_SECONDS", default=3_600),
}
# How soon PostgreSQL notices, while it works on a statement, that the client is gone.
CLIENT_CHECK_SECONDS = env.int("CLIENT_CHECK_SECONDS", default=5)

# Sign-in attempts are counted in the cache. The default cache is per process: with several
# processes, only a shared cache makes the limits exact.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# Additional apps: `make run` adds the demonstration and the pages of captured mail.
EXTRA_APPS = env.list("EXTRA_APPS", default=[])
INSTALLED_APPS = [
    "accounts",
    "tariffs",
    "organizations",
    "usage",
    "invoices",
    "payments",
    "bank",
    "debits",
    "accounting",
    "api",
    "reminders",
    "reports",
    "watcher",
    "foundation.imports",
    "foundation.search",
    "billing_admin.apps.SupportAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    *EXTRA_APPS,
]

MIDDLEWARE = [
    "billing_admin.logs.RequestLog",
    "api.core.middleware.ApiRequests",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "foundation.web.headers.PageHeaders",
    # After those that add headers, so that static files have them too.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.languages.ChosenLanguage",
    "accounts.time_zones.ChosenTimeZone",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "foundation.audit.recording.AuditMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "billing_admin.urls"
WSGI_APPLICATION = "billing_admin.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "billing_admin.context.shown_everywhere",
            ],
            "builtins": ["foundation.web.builtin_tags"],
            "libraries": {"pages": "foundation.web.page_tags"},
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "tables/table.html"
DJANGO_TABLES2_TABLE_ATTRS = {"class": "table table-vcenter card-table table-mobile-md"}
# Filter fields never offer a choice of lookups.
FILTERS_EMPTY_CHOICE_LABEL = ""

# --- Language and time -------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# Each language is named in itself, because its readers may not know another.
LANGUAGES = [("en", "English"), ("ru", "Русский")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
FORMAT_MODULE_PATH = "billing_admin.formats"
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# --- Static files ------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "billing_admin.staticfiles.NpmFinder",
]
NPM_ROOT = BASE_DIR / "node_modules"
# The official rules of electronic invoices: files of packages that nothing imports (make rules).
RULES_ROOT = BASE_DIR / "build" / "rules"
NPM_FILES = {
    "npm/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "npm/tabler.min.css.map": "@tabler/core/dist/css/tabler.min.css.map",
    "npm/tabler-vendors.min.css": "@tabler/core/dist/css/tabler-vendors.min.css",
    "npm/tabler-vendors.min.css.map": "@tabler/core/dist/css/tabler-vendors.min.css.map",
    "npm/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "npm/tabler.min.js.map": "@tabler/core/dist/js/tabler.min.js.map",
    "npm/tom-select.base.min.js": (
        "@tabler/core/dist/libs/tom-select/dist/js/tom-select.base.min.js"
    ),
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "billing_admin.staticfiles.HashedStaticFilesStorage"},
}

# --- Sign-in -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "reset_password": "accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.PasswordChangeForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# Django's own generator: allauth's would store each user's address in a second table, where an
# old address would still allow sign-in after a change.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
# Rate limits count per IP address of the visitor, as reported by the last of these proxies.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1)
ACTIVATION_DAYS = env.int("ACTIVATION_DAYS", default=7)

# --- Mail --------------------------------------------------------------------------------------

_mail: dict[str, Any] = env.email_url("EMAIL_URL", default="smtp://localhost:25")
vars().update(_mail)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)
# How many emails a job sends at once, each on a connection of its own; a worker runs two jobs.
EMAIL_CONNECTIONS = env.int("EMAIL_CONNECTIONS", default=4)
# The most emails of jobs that a worker begins in a second; 0 means that there is no limit.
EMAIL_MOST_PER_SECOND = env.float("EMAIL_MOST_PER_SECOND", default=0)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="billing@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Pages of captured mail exist only if mail is written to files instead of being sent.
SHOW_CAPTURED_MAIL = "local_run" in EXTRA_APPS and "filebased" in _mail["EMAIL_BACKEND"]

# --- Security ----------------------------------------------------------------------------------

if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_SSL_HOST = _base.netloc
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=True)
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    # Browsers accept these names only from this host itself, by HTTPS, and for all paths: no
    # neighbour under the same domain can set them.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME = "__Host-language"
    MESSAGE_COOKIE_NAME = "__Host-messages"
MESSAGE_STORAGE = "foundation.web.message_storage.MessageStorage"
# Scripts read the token from the page, not from the cookie.
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- API ---------------------------------------------------------------------------------------

# How many requests a token may make in a minute.
API_REQUESTS_A_MINUTE = env.int("API_REQUESTS_A_MINUTE", default=600)
# How long the body of a request may be.
API_MOST_BYTES = DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

# --- Audit; foundation/audit/recording.py --------------------------------------------------------

PGHISTORY_BASE_MODEL = "foundation.audit.recording.Event"
PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
# Each event stores who made the change, where it cannot be altered later.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="+", db_index=True)
# Migrations create triggers from SQL files, which people can read; docs/decisions/migrations.md.
PGTRIGGER_MIGRATIONS = False

# --- Jobs; foundation/jobs/setup.py ---------------------------------------------------------------

PROCRASTINATE_ON_APP_READY = "foundation.jobs.setup.set_up"
# A worker without a heartbeat for this long is lost, and other workers run its jobs; below 60.
JOBS_LOST_AFTER_SECONDS = env.int("JOBS_LOST_AFTER_SECONDS", default=30)
JOBS_KEPT_DAYS = env.int("JOBS_KEPT_DAYS", default=30)

# --- Logs --------------------------------------------------------------------------------------

# docs/operations.md describes their content.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "billing_admin.logs.RequestId"}},
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "billing_admin.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": LOG_FORMAT,
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "billing_admin.requests": {"level": "NOTSET" if LOG_FORMAT == "json" else "WARNING"},
        "foundation.jobs": {"level": "NOTSET" if LOG_FORMAT == "json" else "WARNING"},
        # foundation.jobs logs the end of each job without its arguments.
        "procrastinate": {"level": "WARNING"},
        "procrastinate.utils": {"level": "CRITICAL"},
        "procrastinate.worker": {"level": "CRITICAL"},
        "procrastinate.worker.worker": {"level": "WARNING"},
        # foundation.jobs logs when an outage of the database begins and ends.
        "psycopg.pool": {"level": "CRITICAL"},
        # watcher.clients logs each call without its headers, which hold passwords and tokens.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
    },
}
if LOG_FORMAT == "json":
    LOGGING["loggers"] |= {
        # The line of the request covers refusals; this adds the tracebacks of our errors.
        "django.request": {"level": "ERROR"},
        # Replaces gunicorn's own handler in its workers.
        "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
    }
