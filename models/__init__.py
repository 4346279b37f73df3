"""What is kept: the tables, each noun in the file of its name."""

from models import (  # noqa: F401  (importing a noun puts its table into the metadata)
    account,
    audit,
    complaint,
    contact,
    correction,
    customer,
    device,
    employee,
    expense,
    feedback_form,
    log_in,
    numbering,
    overdue_case,
    parameter,
    parts_sale,
    private_charge_case,
    project,
    receivable,
    repair,
    saved_view,
    search_entry,
    service_plan,
    settlement,
    site,
    software_service,
    ticket,
)
from models.base import db

__all__ = ["db"]
