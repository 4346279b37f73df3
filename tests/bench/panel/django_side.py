"""Django's admin over the same tables, set up as its documentation advises for large ones.

No full count, a count that stops at 10,000, related rows joined, picks by typing, a search that looks up numbers
exactly and reads texts only where the words are no number. It shows neither clocks nor people, which spares it work.
"""

import csv
from collections.abc import Iterator
from typing import Any

import django
from django.apps import AppConfig
from django.conf import settings
from sqlalchemy import make_url

from rules.ticket import ServiceMode, Severity, TicketSource, TicketState
from tests.bench.panel.records import READER

MOST_COUNTED = 10_000
PAGE = 20


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
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        TIME_ZONE="Asia/Shanghai",
        LANGUAGE_CODE="zh-hans",
        INSTALLED_APPS=[
            *(f"django.contrib.{one}" for one in ("admin", "auth", "contenttypes", "sessions", "messages")),
            f"{__name__}.Bench",
        ],
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
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


urlpatterns: list[Any] = []


def register() -> None:
    """The models, unmanaged, and their screens."""
    from django.contrib import admin
    from django.core.paginator import Paginator
    from django.db import models
    from django.http import HttpRequest, StreamingHttpResponse
    from django.urls import path
    from django.utils.functional import cached_property

    def choices(kind: Any) -> list[tuple[str, str]]:
        return [(one.value, one.value) for one in kind]

    class Customer(models.Model):
        number = models.CharField(max_length=40, unique=True)
        name = models.CharField(max_length=120)
        address = models.CharField(max_length=200, null=True, blank=True)
        in_town = models.BooleanField()
        contact = models.CharField(max_length=80, null=True, blank=True)
        phone = models.CharField(max_length=40, null=True, blank=True)

        class Meta:
            app_label, managed, db_table = "bench", False, "customers"

        def __str__(self) -> str:
            return str(self.name)

    class Device(models.Model):
        serial = models.CharField(max_length=80, unique=True)
        name = models.CharField(max_length=120)

        class Meta:
            app_label, managed, db_table = "bench", False, "devices"

        def __str__(self) -> str:
            return str(self.serial)

    class Ticket(models.Model):
        number = models.CharField(max_length=40, unique=True)
        reported_at = models.DateTimeField(db_index=True)
        source = models.CharField(max_length=32, choices=choices(TicketSource))
        customer = models.ForeignKey(Customer, models.PROTECT)
        device = models.ForeignKey(Device, models.PROTECT, null=True, blank=True)
        reporter = models.CharField(max_length=80, null=True, blank=True)
        phone = models.CharField(max_length=40, null=True, blank=True)
        place = models.CharField(max_length=200, null=True, blank=True)
        fault = models.TextField(max_length=2000)
        severity = models.CharField(max_length=32, choices=choices(Severity))
        mode = models.CharField(max_length=32, choices=choices(ServiceMode))
        status = models.CharField(max_length=32, choices=choices(TicketState))
        completed_at = models.DateTimeField(null=True, blank=True)

        class Meta:
            app_label, managed, db_table = "bench", False, "tickets"

        def __str__(self) -> str:
            return str(self.number)

    class Capped(Paginator):
        @cached_property
        def count(self) -> int:
            # Not counted beyond what is shown: the pages after it are reached by their number.
            some = len(self.object_list.order_by().values_list("pk")[: MOST_COUNTED + 1])
            return some if some <= MOST_COUNTED else 10**7

    site = admin.AdminSite()

    class Large(admin.ModelAdmin):
        show_full_result_count = False
        list_per_page = PAGE
        paginator = Capped

    class CustomerAdmin(Large):
        list_display = ("number", "name", "in_town", "phone")
        search_fields = ("=number", "name__startswith")

    class DeviceAdmin(Large):
        search_fields = ("=serial",)

    class TicketAdmin(Large):
        list_display = ("number", "reported_at", "customer", "place", "fault", "severity", "status")
        list_select_related = ("customer",)
        list_filter = ("status", "severity", "reported_at")
        autocomplete_fields = ("customer", "device")
        ordering = ("-reported_at", "-id")
        search_fields = ("=number",)

        def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
            if not search_term or search_term.isascii():
                return super().get_search_results(request, queryset, search_term)
            named = Customer.objects.filter(name__startswith=search_term).values("id")
            return queryset.filter(
                models.Q(customer__in=named) | models.Q(fault__contains=search_term)
            ), False

        def get_urls(self) -> list[Any]:
            own = path("export/", self.admin_site.admin_view(self.export))
            return [own, *super().get_urls()]

        def export(self, request: HttpRequest) -> StreamingHttpResponse:
            rows = self.get_changelist_instance(request).get_queryset(request)

            class Echo:
                def write(self, value: str) -> str:
                    return value

            def lines() -> Iterator[str]:
                writer = csv.writer(Echo())
                yield writer.writerow(self.list_display)
                for row in rows.iterator(chunk_size=500):
                    yield writer.writerow([
                        row.number, row.reported_at, row.customer, row.place, row.fault,
                        row.get_severity_display(), row.get_status_display(),
                    ])  # fmt: skip

            return StreamingHttpResponse(lines(), content_type="text/csv")

    site.register(Customer, CustomerAdmin)
    site.register(Device, DeviceAdmin)
    site.register(Ticket, TicketAdmin)
    urlpatterns.append(path("admin/", site.urls))


def client_on(uri: str) -> Any:
    """A logged-in client of Django's admin on a database; its own tables are made first."""
    configure(uri)
    register()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    user = User.objects.filter(username=READER).first()
    user = user or User.objects.create_superuser(READER, password="x")  # noqa: S106
    client = Client()
    client.force_login(user)
    return client
