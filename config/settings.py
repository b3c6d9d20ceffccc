"""Every setting, from the environment. Tests and production differ in nothing but that."""

import sys
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django_stubs_ext
from phonenumbers import SUPPORTED_REGIONS

from config.database import database
from config.environment import env
from config.mail import BY_HTTP, SMTP, provider
from config.process import role_of
from config.queues import ISOLATION_QUEUE, LOW_PRIORITY, QUEUES, THREAD_QUEUES
from config.storages import bucket, bucket_origin, storages
from config.texts import WEB, is_address, is_host, is_month

BASE_DIR = Path(__file__).resolve().parent.parent

# Lets `ModelAdmin[Product]` be written where mypy wants it.
django_stubs_ext.monkeypatch()

DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
# Nothing that serves starts with the default: config.production.
SECRET_KEY = env("SECRET_KEY", default="") or "insecure: only for checks that need no secret"
TICKET_KEY = env("TICKET_KEY", default=SECRET_KEY)
# Close endpoints' secrets in the database: the first of them closes, each of them opens.
INSECURE_KEY = "aW5zZWN1cmU6IG9ubHkgZm9yIHdoYXQgY2hlY2tzLi4="  # 32 bytes that everybody knows
SEALING_KEYS = [each for each in env.list("SEALING_KEYS", default=[]) if each] or [INSECURE_KEY]
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=["127.0.0.1", "localhost"],
    fits=lambda name: name == "*" or is_host(name.removeprefix(".")),
    what="names of hosts separated by commas, without http:// and path",
)
SITE_URL = env.checked(
    "SITE_URL",
    default=f"http://127.0.0.1:{env.int('WEB_PORT', default=8000, least=1, most=65_535)}",
    fits=lambda text: is_address(text, WEB),
    what="an address such as https://shop.example",
)
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# In the order in which they may import each other: each only what stands below it.
INSTALLED_APPS = [
    "config.apps.CompositionConfig",
    "notifications",
    "reports",
    "reviews",
    "contact",
    "webhooks",
    "shop",
    "orders",
    "media",
    "accounts",
    "audit",
    "deferral",
    "config.apps.HalyardAdminConfig",  # django.contrib.admin
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_celery_beat",
    "django_celery_results",
    "django_structlog",
    *env.list("EXTRA_APPS", default=[], fits=find_spec, what="apps that are installed"),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.RefuseOddities",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "config.limits.LimitRate",
    "shop.jar.KeepJar",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

ROLE = env("ROLE", default=role_of(sys.argv))
DATABASES = {"default": database(ROLE, sys.argv)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
# Beside ISO's list: the post brings parcels there.
COUNTRIES_OVERRIDE = {"XK": "Kosovo"}
TIME_ZONE = env.checked(
    "TIME_ZONE", default="Europe/Berlin", fits=ZoneInfo, what="a zone such as Europe/Berlin"
)
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "static/"
# Where collectstatic puts files for production; without it they are served from where they are.
STATIC_ROOT = env("STATIC_ROOT", default=None)
MEDIA_ROOT = DATA_DIR / "media"
BUCKET = bucket()
MEDIA_PLACE, STORAGES = storages(BUCKET)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "config.demo.DemoBackend"]
DEMO_PASSWORD = env("DEMO_PASSWORD", default="")
LOGIN_URL = "admin:login"
# A row that can be taken back. Visitors have none, and what they are told stays in a cookie.
SESSION_ENGINE = "accounts.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
# Whoever has no account yet is mailed a link that opens one. Off: unknown addresses get no mail.
LOGIN_MAIL_UNKNOWN = env.bool("LOGIN_MAIL_UNKNOWN", default=True)
# In which the owner of an account may take back that it is to be deleted.
ACCOUNT_DELETION_DAYS = env.int("ACCOUNT_DELETION_DAYS", default=7, most=30)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=HTTPS)
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # asked from inside, where nobody speaks TLS
# Only a proxy that sets this header itself, whatever the client sent, may be believed.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=3_600 if HTTPS else 0, most=2 * 365 * 86_400)
# Other names of the domain are not ours to promise for, and a preloaded name cannot be taken back.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Off where everything comes from one address: in tests and benchmarks.
RATE_LIMITS = env.bool("RATE_LIMITS", default=True)
# Files come from the bucket itself, where there is one: nothing else of another origin is let in.
FILES_ORIGIN = bucket_origin(BUCKET)
FILES_ORIGINS = [FILES_ORIGIN] if FILES_ORIGIN else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # A placeholder of sixteen pixels stands in the page itself.
        "img-src": ["'self'", "data:", *FILES_ORIGINS],
        **{
            kind: ["'self'", *FILES_ORIGINS]
            for kind in ("media-src", "connect-src")
            if FILES_ORIGINS
        },
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

# The machinery.
DEFERRAL_QUEUES = QUEUES
SOME_QUEUES = f"some of {', '.join(DEFERRAL_QUEUES)}, separated by commas"
# Those whose jobs may run in threads of one process (`celery worker -P threads`). Set to nothing,
# children must serve them all.
DEFERRAL_THREAD_QUEUES = env.list(
    "DEFERRAL_THREAD_QUEUES",
    default=THREAD_QUEUES,
    fits=DEFERRAL_QUEUES.__contains__,
    what=SOME_QUEUES,
)
DEFERRAL_ISOLATION_QUEUE = ISOLATION_QUEUE
env.renamed("DEFERRAL_YIELDING", "DEFERRAL_LOW_PRIORITY")
DEFERRAL_LOW_PRIORITY = env.list(
    "DEFERRAL_LOW_PRIORITY",
    default=LOW_PRIORITY,
    fits=DEFERRAL_QUEUES.__contains__,
    what=SOME_QUEUES,
)
env.retired("PARTNERS_PROCESSES", "is not read: partners has threads, see PARTNERS_THREADS (64).")
env.retired("ANALYTICS_PROCESSES", "is not read: the worker partners serves analytics too.")
env.retired("ANALYTICS_REPLICAS", "is not read: the worker partners serves analytics too.")
# Seconds after the database or a relay comes back in which no crash is held against a job: every
# lock is free then, and nobody is dead.
CRASH_GRACE = env.float("CRASH_GRACE", default=10.0, most=3_600)
# A thread worker that has so many MiB, or has run so many jobs, ends and is started again. It has
# 110 when it does nothing, and 140 after an hour of work: less than 200 would end each at once.
WORKER_MAX_MIB = env.int("WORKER_MAX_MIB", default=600, least=200)
WORKER_MAX_JOBS = env.int("WORKER_MAX_JOBS", default=200_000, least=1)
# Seconds that a worker being stopped lets its jobs run on. See docs/deploying.md.
SOFT_SHUTDOWN = env.float("SOFT_SHUTDOWN", default=20.0, least=1, most=3_600)
# Rows of an export that are read at once, 140 bytes each: what it costs in memory, and what is read
# again after a death.
EXPORT_PART_ROWS = env.int("EXPORT_PART_ROWS", default=50_000, least=100, most=1_000_000)
# The program that makes films: a name or a path. Empty: the extra `media`'s, else the system's.
FFMPEG = env("FFMPEG", default="")
# Who judges films before anybody sees them: a class with `check` (media/films/moderation.py).
# Empty: the model of the extra `media` where it is installed, else staff.
MODERATOR = env.checked(
    "MODERATOR",
    default="",
    fits=lambda name: not name or find_spec(name.rpartition(".")[0]),
    what="a class that is installed, such as shop.moderation.Moderator",
)
# How far a worker steps back for others on its machine (nice): customers wait for the web.
WORKER_NICE = env.int("WORKER_NICE", default=0, most=19)
# So many hints are under way in a queue, and three times as many where threads take them. What
# else waits, waits in the ledger.
HINTS_AHEAD = env.int("HINTS_AHEAD", default=50, least=1, most=100_000)
JOINS_AS_CHORDS = env.bool("JOINS_AS_CHORDS", default=True)
BROKER_URL = env.broker_url("BROKER_URL", default="redis://127.0.0.1:6379/0")
# A second server, for pages kept warm: it may forget everything. Empty: each page is built for
# whoever asks for it.
CACHE_URL = env.broker_url("CACHE_URL", default="")
# What pages show of these: a value is read by processes that have the same.
WARM_SETTINGS = ["FILES_ORIGIN", "MEDIA_PLACE"]
FLOWER_URL = env.address(
    "FLOWER_URL",
    default=f"http://127.0.0.1:{env.int('FLOWER_PORT', default=5555, least=1, most=65_535)}",
)

# The external services. Each address can be another's, so that a real one takes the sandbox's
# place.
SANDBOX = f"http://127.0.0.1:{env.int('SANDBOX_PORT', default=8001, least=1, most=65_535)}"
PAYMENT_API_BASE = env.address("PAYMENT_API_BASE", default=f"{SANDBOX}/payment")
PAYMENT_SECRET_KEY = env("PAYMENT_SECRET_KEY", default="sk_test_halyard")
PAYMENT_TEST_METHODS = env.bool(
    "PAYMENT_TEST_METHODS", default=PAYMENT_API_BASE.startswith(SANDBOX)
)
# Customers are sent to a bank's page (3-D Secure) by https, and to this origin: the sandbox's.
PAYMENT_BANK_ORIGIN = env.address(
    "PAYMENT_BANK_ORIGIN", default=SANDBOX if PAYMENT_TEST_METHODS else ""
)
# One, or two separated by a comma while one is replaced. Without any, nothing the provider tells us
# is believed, and we find out by asking.
PAYMENT_WEBHOOK_SECRETS = env.list("PAYMENT_WEBHOOK_SECRET", default=[])
PAYMENT_TIMEOUT = env.float("PAYMENT_TIMEOUT", default=10.0, least=0.1, most=60)
PRINT_ROOM_URL = env.address("PRINT_ROOM_URL", default=f"{SANDBOX}/print-room")
WAREHOUSE_URL = env.address("WAREHOUSE_URL", default=f"{SANDBOX}/warehouse")
BOX_OFFICE_URL = env.address("BOX_OFFICE_URL", default=f"{SANDBOX}/box-office")
# By supplier: what its notices of parcels are signed with, its own. Two while one is replaced;
# without any nothing it tells is believed, and it is asked.
SUPPLIER_WEBHOOK_SECRETS = {
    "print_room": env.list("PRINT_ROOM_WEBHOOK_SECRET", default=[]),
    "warehouse": env.list("WAREHOUSE_WEBHOOK_SECRET", default=[]),
}
# A supplier that has said nothing of its part of an order for so long is asked.
SUPPLIER_SILENCE = timedelta(
    hours=env.float("SUPPLIER_SILENT_HOURS", default=72, least=0.01, most=1_000)
)
# The first endpoint for webhooks, made by `migrate` where there is none (config/partner.py); empty
# for none. From then on it is managed in the admin, as all others are.
PARTNER_URL = env.endpoint("PARTNER_URL", default=f"{SANDBOX}/partner/webhooks")
PARTNER_WEBHOOK_SECRET = env("PARTNER_WEBHOOK_SECRET", default="whsec_aW5zZWN1cmUtaW5zZWN1cmU=")
# `host:port` of private addresses that webhooks may go to all the same: the sandbox's, on a laptop.
WEBHOOK_PRIVATE_HOSTS = env.list(
    "WEBHOOK_PRIVATE_HOSTS",
    default=[],
    fits=lambda place: ":" in place and is_address(f"http://{place}", WEB) and "/" not in place,
    what="host:port, separated by commas",
)
ANALYTICS_URL = env.address("ANALYTICS_URL", default=f"{SANDBOX}/analytics")
CRM_URL = env.address("CRM_URL", default=f"{SANDBOX}/crm")
AUDIT_ARCHIVE_URL = env.address("AUDIT_ARCHIVE_URL", default=f"{SANDBOX}/audit-archive")
# Who drafts answers to messages: the address before /chat/completions. Empty: nobody does.
AI_URL = env.address("AI_URL", default="")
AI_KEY = env("AI_KEY", default="")
AI_MODEL = env("AI_MODEL", default="")
# What drafts may take in a day of TIME_ZONE. In cents 0 is no limit: the tokens' stays.
AI_TOKENS_A_DAY = env.int("AI_TOKENS_A_DAY", default=200_000, least=1)
AI_CENTS_A_DAY = env.int("AI_CENTS_A_DAY", default=0, most=1_000_000)
# Cents for a million tokens, told and answered.
AI_PRICE_IN = env.int("AI_PRICE_IN", default=0, most=1_000_000)
AI_PRICE_OUT = env.int("AI_PRICE_OUT", default=0, most=1_000_000)
# Who sends SMS: the address before /messages. Empty: nobody does, and nobody is asked for a number.
SMS_URL = env.address("SMS_URL", default="")
SMS_KEY = env("SMS_KEY", default="")
SMS_SENDER = env.checked(
    "SMS_SENDER",
    default="Halyard",
    fits=lambda name: name.isascii() and name.isalnum() and len(name) <= 11,
    what="at most eleven letters and digits",
)
# Of which country a telephone number is that has no prefix, where its order names none.
PHONE_REGION = env.checked(
    "PHONE_REGION",
    default="DE",
    fits=lambda name: name in SUPPORTED_REGIONS,
    what="the two capitals of a country that has telephone numbers, such as DE",
)

# The mail server: one of yours, or the sandbox's, whose port is a variable of its own.
EMAIL_HOST = env.checked(
    "SMTP_HOST",
    default="127.0.0.1",
    fits=is_host,
    what="the name or address of a mail server",
)
SANDBOX_SMTP_PORT = env.int("SANDBOX_SMTP_PORT", default=1025, least=1, most=65_535)
EMAIL_PORT = env.int(
    "SMTP_PORT",
    default=SANDBOX_SMTP_PORT if EMAIL_HOST == "127.0.0.1" else 587,
    least=1,
    most=65_535,
)
# Whether a mail was taken, after a crash in the middle: the sandbox says so. Empty: nobody does.
MAIL_ASK_URL = env.address(
    "MAIL_ASK_URL",
    default=f"http://127.0.0.1:{env.int('MAIL_PORT', default=8025, least=1, most=65_535)}"
    if EMAIL_HOST == "127.0.0.1"
    else "",
)
# Where campaigns' bounces go: `name@domain`, which is mailed as `name+what@domain`. Empty: they go
# to MAIL_FROM.
BOUNCE_ADDRESS = env("BOUNCE_ADDRESS", default="")
EMAIL_HOST_USER = env("SMTP_USER", default="")
EMAIL_HOST_PASSWORD = env("SMTP_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("SMTP_TLS", default=False)
# Or a provider, by HTTP: for what somebody waits for, for campaigns, or for both.
MAIL_PROVIDER = provider()
EMAIL_BACKEND = BY_HTTP if MAIL_PROVIDER.mails else SMTP
CAMPAIGN_BACKEND = BY_HTTP if MAIL_PROVIDER.campaigns else SMTP
# Seconds of silence; all of it has forty (notifications/gateway.py).
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("MAIL_FROM", default="Halyard <post@halyard.example>")
# Whoever looks after payments that went wrong.
STAFF_EMAIL = env("STAFF_EMAIL", default="staff@halyard.example")
# So many days after the payment goods may be sent back, and where to.
RETURN_DAYS = env.int("RETURN_DAYS", default=30, least=1, most=3_650)
RETURN_ADDRESS = (
    env("RETURN_ADDRESS") or "Halyard GmbH, Am Alten Hafen 3, 18119 Warnemünde, Germany"
)
# The first month of which statements are made by themselves; none: that of the first order.
STATEMENTS_SINCE = env.checked(
    "STATEMENTS_SINCE", default="", fits=is_month, what="a month such as 2026-01"
)

# It would believe X-Forwarded-For, whoever wrote it: deferral.pressure.askers decides.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
LOGGING_CONFIG = "config.logs.configure"
LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
LOGGING: dict[str, Any] = {"level": env.choice("LOG_LEVEL", default="INFO", choices=LEVELS)}
