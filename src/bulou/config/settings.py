"""Django's settings. Everything an operator may set is a `BULOU_…` variable (docs/reference/settings.md)."""

from pathlib import Path

from environs import Env, validate

from bulou.config import database
from bulou.config.home import data_dir, secret

env = Env()

SOURCE = Path(__file__).resolve().parents[1]
BASE_DIR = SOURCE.parents[1]
PLANS = env.path("BULOU_PLANS", BASE_DIR / "plans")
EXPORTS = env.path("BULOU_EXPORTS", data_dir() / "exports")
EXPORT_HOURS = env.float("BULOU_EXPORT_HOURS", 24)
EXPORT_APPROVAL = env.int("BULOU_EXPORT_APPROVAL", 500)
IMPORT_DAYS = env.int("BULOU_IMPORT_DAYS", 30)
JOB_DAYS = env.int("BULOU_JOB_DAYS", 90)
RETENTION_DAYS = env.int("BULOU_RETENTION_DAYS", 180)
EXPORT_SOURCES = "bulou.web.lists.files.sources"
NODE_MODULES = env.path("BULOU_NODE_MODULES", BASE_DIR / "node_modules")
PAPERS = env.path("BULOU_PAPERS", None)

DEBUG = env.bool("BULOU_DEBUG", False)
SECRET_KEY = secret("secret_key")
ENCRYPTION_KEYS = secret("encryption_keys")
INDEX_KEY = secret("index_key")
FIELD_KEYS = secret("field_keys")
ALLOWED_HOSTS = env.list("BULOU_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
SECURE = env.bool("BULOU_HTTPS", False)

INSTALLED_APPS = [
    "bulou.config",
    "bulou.directory",
    "bulou.custody",
    "bulou.ledger",
    "bulou.alerts",
    "bulou.no_miss.screening",
    "bulou.operations.support",
    "bulou.operations.resources",
    "bulou.operations.testing",
    "bulou.no_miss.isolation",
    "bulou.no_miss.control",
    "bulou.no_miss.treatment",
    "bulou.no_miss.monitoring",
    "bulou.oversight.supervision",
    "bulou.exchange.exports",
    "bulou.exchange.jobs",
    "bulou.exchange.imports",
    "bulou.web",
    "bulou.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "procrastinate.contrib.django",
    "bulou.config.second_factors.Accounts",
    "bulou.config.second_factors.Factors",
]
MIDDLEWARE = [
    "bulou.config.proxies.TrueAddress",
    "django.middleware.security.SecurityMiddleware",
    "bulou.config.compression.Compressed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bulou.config.middleware.PageHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bulou.config.middleware.Frame",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "bulou.config.urls"
WSGI_APPLICATION = "bulou.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("bulou.web.weaving.loader.Loader", ["django.template.loaders.app_directories.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database.django_settings(database.role())}
APP_ROLE = database.APP_ROLE
APP_PASSWORD = None if database.embedded() else database.app_password()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "directory.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
SECURITY_PROFILE = env.str("BULOU_SECURITY_PROFILE", "asvs", validate=validate.OneOf(("asvs", "mlps3")))
MFA_REQUIRED = env.str("BULOU_MFA", "required", validate=validate.OneOf(("required", "optional"))) == "required"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    *([{"NAME": "bulou.directory.passwords.ThreeKindsValidator"}] if SECURITY_PROFILE == "mlps3" else []),
]
PASSWORD_DAYS = 90 if SECURITY_PROFILE == "mlps3" else None
TEMPORARY_PASSWORD_HOURS = 72
RECENT_AUTHENTICATION_MINUTES = 10
MFA_ADAPTER = "bulou.directory.factors.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_TOLERANCE = 1
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL

OUTBOUND_HOSTS: list[str] = env.list("BULOU_OUTBOUND_HOSTS", [])
ESCALATE_MINUTES: list[int] = env.list(
    "BULOU_ESCALATE_MINUTES", [60, 15], subcast=int, validate=validate.Length(equal=2)
)
EMAIL_HOST = env.str("BULOU_EMAIL_HOST", "")
EMAIL_PORT = env.int("BULOU_EMAIL_PORT", 587)
EMAIL_HOST_USER = env.str("BULOU_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = env.str("BULOU_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = env.bool("BULOU_EMAIL_TLS", True)
DEFAULT_FROM_EMAIL = env.str("BULOU_EMAIL_FROM", "bulou@localhost")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "web" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [
    (f"vendor/{name}", NODE_MODULES / folder)
    for name, folder in {
        "tabler/css": "@tabler/core/dist/css",
        "tabler/js": "@tabler/core/dist/js",
        "dexie": "dexie/dist/modern",
        "htmx": "htmx.org/dist",
        "echarts": "echarts/dist",
        "tabler-icons": "@tabler/icons-webfont/dist",
    }.items()
]
WHITENOISE_USE_FINDERS = True

SESSION_ENGINE = "bulou.directory.session_store"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "bulou-session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "bulou-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_TRUSTED_ORIGINS: list[str] = env.list("BULOU_TRUSTED_ORIGINS", [])
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
BEHIND_PROXY = env.bool("BULOU_BEHIND_PROXY", False)
TRUSTED_PROXIES: list[str] = env.list("BULOU_TRUSTED_PROXIES", [])
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
UPLOADS_A_MINUTE = env.int("BULOU_UPLOADS_A_MINUTE", 600)
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"] if not SECURE else []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"errors": {"class": "logging.StreamHandler", "level": "ERROR"}},
    "root": {"handlers": ["errors"]},
}
"""A page that fails says where, on the error output: Django alone would say nothing outside of debugging."""
