"""Django's admin over the same tables: a client that is logged in to it."""

from typing import Any

import django
from django.apps import AppConfig
from django.conf import settings
from sqlalchemy import make_url

from tests.bench.panel.records import READER


class Bench(AppConfig):
    """The place of the models below."""

    name = "tests.bench.panel"
    label = "bench"


def configure(uri: str) -> None:
    """Set Django up on a database."""
    url = make_url(uri)
    if url.get_backend_name() == "sqlite":
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": url.database,
                    "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"}}  # fmt: skip
    else:
        database = {"ENGINE": "django.db.backends.postgresql", "NAME": url.database, "USER": url.username or "",
                    "PASSWORD": url.password or "", "HOST": url.query.get("host", url.host or ""),
                    "PORT": str(url.query.get("port", url.port or ""))}  # fmt: skip
    settings.configure(
        DATABASES={"default": {**database, "CONN_MAX_AGE": None}},
        SECRET_KEY="measured only",
        ALLOWED_HOSTS=["testserver"],
        ROOT_URLCONF="tests.bench.panel.django_admin",
        USE_TZ=True,
        TIME_ZONE="Asia/Shanghai",
        LANGUAGE_CODE="zh-hans",
        INSTALLED_APPS=[
            *(f"django.contrib.{one}" for one in ("admin", "auth", "contenttypes", "sessions", "messages")),
            f"{__name__}.Bench",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }],
    )  # fmt: skip
    django.setup()


def client_on(uri: str) -> Any:
    """A logged-in client of Django's admin on a database; its own tables are made first."""
    configure(uri)
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    user = User.objects.filter(username=READER).first()
    user = user or User.objects.create_superuser(READER, password="x")  # noqa: S106
    client = Client()
    client.force_login(user)
    return client
