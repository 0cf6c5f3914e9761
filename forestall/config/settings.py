"""The settings, in one file. What an office may change is in its home (`home.toml`); everything else is decided here.

The home is the folder named by FORESTALL_HOME. Without one there is nothing to serve: start with `./go demo`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import structlog
from csp.constants import NONE, SELF

from forestall.base.home import chosen_path, open_home, working_folder

from . import office

BASE = Path(__file__).resolve().parent.parent
HOME = open_home(chosen_path())
OFFICE = office.read(HOME)

DEBUG = False
SECRET_KEY = (HOME.keys / "secret").read_text(encoding="utf-8").strip()
ALLOWED_HOSTS = list(OFFICE.hosts)
ROOT_URLCONF = "forestall.config.urls"
WSGI_APPLICATION = "forestall.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.Person"
SITE_ID = None

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
    "forestall.labels",
    "forestall.record",
    "forestall.access",
    "forestall.vault",
    "forestall.search",
    "forestall.retention",
    "forestall.institutions",
    "forestall.monitoring",
    "forestall.forecasting",
    "forestall.assessment",
    "forestall.advising",
    "forestall.workspace",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "forestall.workspace.seclusion.SeclusionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "forestall.workspace.locked.LockedMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "forestall.workspace.outcomes.OutcomeMiddleware",
    "forestall.access.middleware.SessionMiddleware",
    "forestall.workspace.once.OnceMiddleware",
    "forestall.workspace.unsent.UnsentMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "workspace" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "forestall.workspace.surroundings.surroundings",
            ],
        },
    }
]


def _database() -> dict[str, Any]:
    """SQLite in the home by default; PostgreSQL when the office names one."""
    if not OFFICE.database:
        return {
            "ENGINE": "forestall.record.sqlite",
            "NAME": HOME.database,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": urlparse(OFFICE.database).path.lstrip("/"),
        **_role(OFFICE.database),
        "OPTIONS": {**_in_transit(OFFICE.database), "options": "-c lock_timeout=20000"},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # rows fetched later would be seen as whoever reads by then
    }


def _in_transit(address: str) -> dict[str, str]:
    """A database on another machine is spoken with over TLS or not at all."""
    host = urlparse(address).hostname or ""
    return {} if host in ("", "localhost", "127.0.0.1", "::1") else {"sslmode": "require"}


def _role(address: str) -> dict[str, str]:
    named = urlparse(address)
    return {
        "USER": unquote(named.username or ""),
        "PASSWORD": unquote(named.password or ""),
        "HOST": named.hostname or "",
        "PORT": str(named.port or ""),
    }


def _vault() -> dict[str, Any]:
    """The source vault: a file of its own, whatever the office's database; it keeps no log that would hold old pages."""
    if not HOME.vault.exists():
        HOME.vault.touch(mode=0o600)
    return {
        "ENGINE": "forestall.record.sqlite",
        "NAME": HOME.vault,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
    }


DATABASES = {"default": _database(), "vault": _vault()}
DATABASE_ROUTERS = ["forestall.vault.router.VaultRouter"]
VAULT_KEY = Path(OFFICE.vault_key).expanduser() if OFFICE.vault_key else HOME.keys / "vault"
DATABASE_APPLICATION = _role(OFFICE.database) if OFFICE.database else {}
DATABASE_OWNER = _role(OFFICE.database_owner) if OFFICE.database_owner else {}

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["forestall.access.hashing.BoundedArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "forestall.access.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # each process would count alone: access.throttle counts for all
MFA_ADAPTER = "forestall.access.adapters.CodeAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Forestall"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_FORMS = {
    "authenticate": "forestall.access.doorforms.CodeForm",
    "authenticate_webauthn": "forestall.access.doorforms.KeyForm",
    "add_webauthn": "forestall.access.doorforms.NewKeyForm",
}
SOCIALACCOUNT_ADAPTER = "forestall.access.oidc.ProviderAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "office",
                    "name": "office",
                    "client_id": OFFICE.oidc.client_id,
                    "secret": OFFICE.oidc.secret,
                    "settings": {
                        "server_url": OFFICE.oidc.issuer,
                        "oauth_pkce_enabled": True,
                        "fetch_userinfo": False,
                    },
                }
            ]
        }
    }
    if OFFICE.oidc.issuer
    else {}
)

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["sources"]}}
ASKED_AT_ONCE = OFFICE.asked_at_once

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = not HOME.is_exercise and set(OFFICE.hosts) != set(office.OfficeSettings.hosts)
SECURE_HSTS_SECONDS = 365 * 86_400 if SESSION_COOKIE_SECURE else 0  # said over TLS alone
SECURE_HSTS_INCLUDE_SUBDOMAINS = SESSION_COOKIE_SECURE
OWN_HOST = "__Host-" if SESSION_COOKIE_SECURE else ""  # by this name no other host and no plain page can set a cookie
SESSION_COOKIE_NAME = f"{OWN_HOST}forestall"
CSRF_COOKIE_NAME = f"{OWN_HOST}forestall-form"
KNOWN_COOKIE_NAME = f"{OWN_HOST}forestall-known"
LANGUAGE_COOKIE_NAME = f"{OWN_HOST}forestall-language"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a cookie would keep what they name
OFFICE_ADDRESS = f"https://{OFFICE.hosts[0]}" if SESSION_COOKIE_SECURE else ""
KEYS_FOR = "localhost" if set(OFFICE.hosts) == set(office.OfficeSettings.hosts) else OFFICE.hosts[0].partition(":")[0]
PROXIES = frozenset(OFFICE.proxies)
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # with none at all, browsers send no origin and forms are refused
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_TEMP_DIR = working_folder()  # what is handed in may be confidential: it does not touch the disk in clear

USE_TZ = True
TIME_ZONE = OFFICE.time_zone
LANGUAGE_CODE = OFFICE.language
LANGUAGES = [("en", "English"), ("fr", "Français"), ("ar", "العربية")]
LOCALE_PATHS = [BASE / "workspace" / "locale"]
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

EMAIL_HOST, EMAIL_PORT = OFFICE.mail.host, OFFICE.mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = OFFICE.mail.user, OFFICE.mail.password
EMAIL_USE_TLS = True
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = OFFICE.mail.sender

WITNESSES = [str(HOME.witness), *OFFICE.witnesses]
SEALS = OFFICE.seals
BACKUP = OFFICE.backup

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "forestall.config.quietlog.Formatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
structlog.configure(
    processors=[structlog.stdlib.filter_by_level, structlog.stdlib.render_to_log_kwargs],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
)
