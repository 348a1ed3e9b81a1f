"""Django's settings. Everything an operator may change comes from the environment: see config.py."""

import pghistory
import pgtrigger

from sbs_portal import config, logs
from sbs_portal.api.conf import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from sbs_portal.config import BASE_DIR
from sbs_portal.db import embedded

DEBUG = config.flag("DEBUG")
DEMO = config.flag("SBS_DEMO")
HTTPS = config.flag("SBS_HTTPS")
PORT = config.number("PORT", 8000, low=1, high=65535)
# A path of its own is read from the checkout: the server's programs work elsewhere.
DATA_DIR = BASE_DIR / (config.text("SBS_DATA") or embedded.default_base(BASE_DIR))
SECRET_KEY = config.secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS = config.former_keys("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = config.names("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host[0] not in "[*"]
OPERATOR = config.text("SBS_OPERATOR", "Exempelmyndigheten (övningsmiljö)")
CONTACT_EMAIL = config.text("SBS_CONTACT_EMAIL", "sbs-portalen@example.se")

INSTALLED_APPS = [
    "pgtrigger",
    "pghistory",
    "sbs_portal.web",
    "sbs_portal.api",
    "sbs_portal.audit",
    "sbs_portal.accounts",
    "sbs_portal.lists",
    "sbs_portal.db",
    "schools",
    "programmes",
    "seminars",
    "sbs_portal",
    "sbs_portal.admin_site.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "sbs_portal.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sbs_portal.middleware.ContentSecurityPolicyMiddleware",
    "sbs_portal.middleware.NullByteMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # What follows is for browsers: a call with a key goes past it.
    "sbs_portal.middleware.KeyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sbs_portal.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sbs_portal.middleware.LastSeenMiddleware",
    "sbs_portal.middleware.ScopeMiddleware",
    "sbs_portal.accounts.second_step.SecondStepMiddleware",
]

ROOT_URLCONF = "sbs_portal.urls"
WSGI_APPLICATION = "sbs_portal.wsgi.application"

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
                "sbs_portal.web.context.portal",
            ],
            "builtins": ["sbs_portal.web.templatetags.sbs", "sbs_portal.web.templatetags.kept"],
        },
    },
]
FORM_RENDERER = "sbs_portal.web.forms.FormRenderer"

# The web connects as sbs_app; migrations, backups and tests' set-up as sbs_owner (db.roles.as_owner), whose
# address the process that serves pages need not know.
# "outside" is the same database outside the request's transaction: what is written there survives
# a roll-back (a token's last use, a refused log-in).
_web = config.database("DATABASE_URL")
_owner = config.database("DATABASE_OWNER_URL")
if _web is None and _owner is not None:
    raise config.ImproperlyConfigured("DATABASE_OWNER_URL is set: set DATABASE_URL too.")
EMBEDDED = _web is None
if EMBEDDED:
    _web = embedded.connection(DATA_DIR, role="sbs_app")
    _owner = embedded.connection(DATA_DIR, role="sbs_owner")
_shared = {
    "ENGINE": "sbs_portal.db.backend",
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
}
DATABASES = {
    "default": _shared | _web,
    "outside": _shared | _web | {"TEST": {"MIRROR": "default"}},
}
DATABASE_OWNER = _owner
DATABASE_ROUTERS = ["sbs_portal.db.routers.CacheRouter"]
# Shared by all workers and outside the request's transaction: what throttles log-in counts refused requests.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "sbs_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
# Where Scope.of reads who may reach what; schools owns the table, since it points at Huvudman.
SBS_ACCESS_MODEL = "schools.Access"
AUTHENTICATION_BACKENDS = ["sbs_portal.accounts.log_in.AuthenticationBackend"]
SESSION_ENGINE = "sbs_portal.accounts.log_in"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "sbs_portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# Failed attempts count by address and by account; a success counts nothing. A whole förvaltning may share an address.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,200/h/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if config.flag("SBS_TRUST_PROXY") else 0
ACCOUNT_FORMS = {"reset_password": "sbs_portal.accounts.forms.ForgottenForm"}
MFA_ADAPTER = "sbs_portal.accounts.second_step.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "sbs_portal.accounts.forms.CodeForm",
    "reauthenticate": "sbs_portal.accounts.forms.ConfirmCodeForm",
    "activate_totp": "sbs_portal.accounts.forms.AppForm",
    "add_webauthn": "sbs_portal.accounts.forms.AddKeyForm",
    "edit_webauthn": "sbs_portal.accounts.forms.RenameKeyForm",
}
# Whoever reaches the whole country or the admin proves it in two steps, but in the demo.
REQUIRE_SECOND_STEP = config.flag("SBS_REQUIRE_MFA", not (EMBEDDED or DEMO))
OIDC_PROVIDERS = config.providers("SBS_OIDC")

LANGUAGE_CODE = "sv"
TIME_ZONE = "Europe/Stockholm"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["sbs_portal.web.formats"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".static"
STATICFILES_DIRS = [BASE_DIR / "sbs_portal" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# The prefix makes browsers take the cookies from this host alone, and not from another one of its domain.
_COOKIE = "__Host-sbs_" if HTTPS else "sbs_"
SESSION_COOKIE_NAME = f"{_COOKIE}session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_NAME = f"{_COOKIE}csrf"
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if config.flag("SBS_TRUST_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

vars().update(config.email("EMAIL_URL"))
SENDS_MAIL = bool(config.text("EMAIL_URL"))
DEFAULT_FROM_EMAIL = config.text("DEFAULT_FROM_EMAIL", "sbs-portalen@example.se")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["sbs_portal.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "sbs_portal.api.pagination.Pagination",
    "DEFAULT_SCHEMA_CLASS": "sbs_portal.api.operations.AutoSchema",
    "EXCEPTION_HANDLER": "sbs_portal.api.errors.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_VERSIONING_CLASS": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

# Requests a minute for each key to the API; 0 is no limit.
API_RATE = config.number("SBS_API_RATE", 600, low=0, high=1_000_000)

# Triggers follow the models and are brought in line with the policies after a migrate (db.security); a
# migration holds tables only.
PGTRIGGER_MIGRATIONS = False

# History: actor, face and request id are bound once a transaction (scope.bind) and denormalised into
# each event row by the triggers; no context table is written to.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField()
PGHISTORY_LEVEL = pgtrigger.Statement
PGHISTORY_BASE_MODEL = "sbs_portal.audit.history.EventBase"

LOGGING = logs.configuration(form=config.one_of("SBS_LOG", ("plain", "json")), debug=DEBUG)
