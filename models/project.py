"""Projects, whose passed final acceptance starts the warranties (R1.1), and their service plans by date (R3)."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Noun
from models.customer import Customer
from models.service_plan import ServicePlan


class Project(Noun, Model):
    """A project sold to a customer; `seal_required`: its customer's forms carry the seal too (R4.2)."""

    __tablename__ = "projects"
    number: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers.id", ondelete="RESTRICT"), index=True
    )
    accepted_on: Mapped[date | None]
    warranty_months: Mapped[int | None]
    seal_required: Mapped[bool] = mapped_column(default=False, server_default=false())
    customer: Mapped[Customer] = relationship()
    plans: Mapped[list["ProjectPlan"]] = relationship(order_by="ProjectPlan.valid_from")


class ProjectPlan(Noun, Model):
    """The service plan of a project from a day on; a ticket keeps the one that held when it was reported (R3)."""

    __tablename__ = "project_plans"
    __table_args__ = (UniqueConstraint("project_id", "valid_from"),)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id", ondelete="RESTRICT"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("service_plans.id", ondelete="RESTRICT"))
    valid_from: Mapped[date]
    plan: Mapped[ServicePlan] = relationship()
