"""The tables of the bench as Django knows them; imported once Django is set up."""

from typing import Any

from django.db import models

from rules.ticket import ServiceMode, Severity, TicketSource, TicketState


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


class Employee(models.Model):
    name = models.CharField(max_length=80)

    class Meta:
        app_label, managed, db_table = "bench", False, "employees"


class Visit(models.Model):
    ticket = models.ForeignKey(Ticket, models.PROTECT)
    turn = models.IntegerField()

    class Meta:
        app_label, managed, db_table = "bench", False, "visits"


class VisitPerson(models.Model):
    visit = models.OneToOneField(Visit, models.PROTECT, primary_key=True)
    employee = models.ForeignKey(Employee, models.PROTECT)
    position = models.IntegerField()

    class Meta:
        app_label, managed, db_table = "bench", False, "visit_people"
