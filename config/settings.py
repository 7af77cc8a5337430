"""Settings for every installation; what differs is read from the environment.

With nothing set, the project runs by itself: an embedded PostgreSQL, Celery
over the file system, mail as rows on a page. Each of those is replaced by one
variable in production.
"""

import os
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import installed, schedule

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
TESTING = env.bool("TESTING", default=False)

if DEMO or DEBUG or TESTING:
    SECRET_KEY = env.str(
        "SECRET_KEY", default="only-for-the-demo-and-the-tests-never-in-production"
    )
    IDENTITY_KEYS = env.list("IDENTITY_KEYS", default=["demo-only-identity-key"])
    IDENTITY_PEPPER = env.str("IDENTITY_PEPPER", default="demo-only-identity-pepper")
else:
    SECRET_KEY = env.str("SECRET_KEY")
    # The first key encrypts, all of them decrypt, so a key can be rotated.
    IDENTITY_KEYS = env.list("IDENTITY_KEYS")
    IDENTITY_PEPPER = env.str("IDENTITY_PEPPER")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = installed.APPS
MIDDLEWARE = installed.MIDDLEWARE
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
                "config.context.portal",
            ],
        },
    }
]

if not env.str("DATABASE_URL", default=""):
    from config.embedded import database_url

    # The tests have a server of their own, so they never touch the demo's data. Set in the
    # environment, so that the processes started from this one use the same server.
    os.environ["DATABASE_URL"] = (
        database_url(VAR_DIR / "postgres-test", durable=False)
        if TESTING
        else database_url(VAR_DIR / "postgres")
    )
DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "people.backends.CapabilityBackend",
]
# A good password hash is slow on purpose, which tests cannot wait for.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
    if TESTING
    else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/arbete/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "config.adapter.DemoAccountAdapter" if DEMO else "people.adapter.AccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# The same answer whether or not there is an account, and no mail to strangers.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Whole offices share an outer address, so the account is the narrow limit.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/5m/key",
    # Asking to come to an event as a guest: an office together, and one address.
    "guest": "30/m/ip,5/h/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
ACCOUNT_FORMS = {
    "login": "people.forms.SignInForm",
    "reset_password": "people.forms.AskForResetForm",
    "reset_password_from_key": "people.forms.ResetForm",
    "set_password": "people.forms.SetPasswordForm",
    "change_password": "people.forms.ChangePasswordForm",
    "reauthenticate": "people.forms.ConfirmForm",
}
MFA_FORMS = {
    "authenticate": "people.forms.CodeForm",
    "reauthenticate": "people.forms.ConfirmCodeForm",
    "activate_totp": "people.forms.ActivateForm",
}
MFA_ADAPTER = "people.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Kompetensportalen"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come from the city, which vouches for them
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not (DEMO or DEBUG or TESTING))

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["config.formats"]

# Served straight from their folders where nothing was deployed, else as ``collectstatic`` left them.
WITHOUT_BUILD = DEMO or DEBUG or TESTING
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/govuk", BASE_DIR / "node_modules/govuk-frontend/dist/govuk"),
    ("vendor/sans", BASE_DIR / "node_modules/@fontsource-variable/source-sans-3/files"),
    ("vendor/serif", BASE_DIR / "node_modules/@fontsource-variable/source-serif-4/files"),
]
MEDIA_URL = "/media/"
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))()
PRIVATE_ROOT = env.path("PRIVATE_ROOT", default=str(VAR_DIR / "private"))()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Answers' files: no address leads here, every download is a view that asks who you are.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(PRIVATE_ROOT), "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WITHOUT_BUILD
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WITHOUT_BUILD
# Looking through all files at start costs every test that makes a client; look when asked instead.
WHITENOISE_AUTOREFRESH = DEBUG or TESTING
if WITHOUT_BUILD:
    STATIC_ROOT.mkdir(exist_ok=True)

EMAIL_CONFIG = env.email("EMAIL_URL", default="dummymail://")
vars().update(EMAIL_CONFIG)
# Where letters about mail that could not be delivered are put; nowhere when it is not given.
RETURNED_MAILDIR = Path(env.str("RETURNED_MAILDIR")) if env.str("RETURNED_MAILDIR", "") else None
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="Kompetensportalen <kompetensportalen@example.org>"
)

# Sign-in tries are counted here, so every process must see the same cache.
CACHES = {
    "default": env.cache(
        "CACHE_URL", default="locmemcache://" if TESTING else f"filecache://{VAR_DIR / 'cache'}"
    )
}
if CACHES["default"]["BACKEND"].endswith("FileBasedCache"):
    # Above the limit entries go at random, counters too.
    CACHES["default"].setdefault("OPTIONS", {})["MAX_ENTRIES"] = 50_000

CELERY_BROKER_URL = env.str(
    "CELERY_BROKER_URL", default="memory://" if TESTING else "filesystem://localhost"
)
if CELERY_BROKER_URL.startswith("filesystem:"):
    QUEUE_DIR = Path(env.str("QUEUE_DIR", default=str(VAR_DIR / "queue")))
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(QUEUE_DIR / "messages"),
        "data_folder_out": str(QUEUE_DIR / "messages"),
        "control_folder": str(QUEUE_DIR / "control"),
    }
    for folder in ("messages", "control"):
        (QUEUE_DIR / folder).mkdir(parents=True, exist_ok=True)
CELERY_TASK_ALWAYS_EAGER = env.bool("CELERY_TASK_ALWAYS_EAGER", default=False)
CELERY_TASK_IGNORE_RESULT = True
# A killed worker gives its task back; every task can therefore run twice.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = schedule.CALLS

SIMPLE_HISTORY_ENABLED = False  # the database's triggers write history, see audit/
AUDIT_APP_ROLE = env.str("AUDIT_APP_ROLE", default="portal_app")
# Put the role on at each connection, where the login itself is more than a member of it.
DATABASE_SET_ROLE = env.bool("DATABASE_SET_ROLE", default=False)

WAGTAIL_SITE_NAME = "Kompetensportalen"
WAGTAILADMIN_BASE_URL = env.str("BASE_URL", default="http://localhost:8000")
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_LOGIN_URL = "account_login"
# One way in: passwords and addresses are changed where everybody changes them.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# A password that many share says nothing of who has read, and its tries are not counted.
WAGTAIL_PRIVATE_PAGE_OPTIONS = WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
# How long a public page is kept at most, beside being made anew whenever something changes.
PUBLIC_PAGES_KEPT_SECONDS = env.int("PUBLIC_PAGES_KEPT_SECONDS", default=0 if TESTING else 60)
WAGTAILSEARCH_BACKENDS = {
    # Each page in the word forms of its own language.
    "default": {"BACKEND": "cms.search_backend"}
}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_DOCUMENT_MODEL = "cms.RegisteredDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.documents.forms.DocumentForm"
# What editors link to; nothing that a browser would run as a page of ours.
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "pptx", "xlsx", "txt", "csv"]
# No page ever opens inside the site: a document is a file to keep.
WAGTAILDOCS_INLINE_CONTENT_TYPES: list[str] = []

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/cms/",),
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview frames its own pages
HTTPS = env.bool("HTTPS", default=not (DEMO or DEBUG or TESTING))
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # X-Frame-Options, see above
    "security.W021",  # the browsers' preload list takes whole domains: their owner decides
]
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# Rows times fields of the largest pages that are saved whole: an attendance list has five fields
# a person, eight with a time written, so 2 400 for 300 persons; a meeting report may have 2 000
# rows with three fields each. Room above that: what is refused here loses what was filled in.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
