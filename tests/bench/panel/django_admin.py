"""Django's admin set up as its documentation advises for large tables; imported once Django is set up.

No full count, a count that stops at 10,000, related rows joined, picks by typing, a search that looks up numbers
exactly and reads texts only where the words are no number. It shows no clocks, which spares it work.
"""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path
from django.utils.functional import cached_property

from tests.bench.panel.django_models import Customer, Device, Ticket, VisitPerson

MOST_COUNTED = 10_000
PAGE = 20


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
    search_fields = ("number__exact", "name__startswith")


class DeviceAdmin(Large):
    search_fields = ("serial__exact",)


class TicketAdmin(Large):
    list_display = (
        "number",
        "reported_at",
        "customer",
        "place",
        "fault",
        "severity",
        "status",
        "person",
    )
    list_select_related = ("customer",)
    list_filter = ("status", "severity", "reported_at")
    autocomplete_fields = ("customer", "device")
    ordering = ("-reported_at", "-id")
    search_fields = ("number__exact",)

    @admin.display(description="person")
    def person(self, ticket: Any) -> str:
        return str(ticket.person or "-")

    def get_queryset(self, request: HttpRequest) -> Any:
        people = VisitPerson.objects.filter(visit__ticket=models.OuterRef("pk"))
        latest = people.order_by("-visit__turn", "position").values("employee__name")[:1]
        return super().get_queryset(request).annotate(person=models.Subquery(latest))

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
                    row.get_severity_display(), row.get_status_display(), row.person,
                ])  # fmt: skip

        return StreamingHttpResponse(lines(), content_type="text/csv")


site.register(Customer, CustomerAdmin)
site.register(Device, DeviceAdmin)
site.register(Ticket, TicketAdmin)
urlpatterns = [path("admin/", site.urls)]
