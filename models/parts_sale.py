"""Parts sales and their lines (R6.1, R6.2)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Model, Money, Noun, Quantity, code, told_by
from models.device import Device
from models.receivable import Receivable, arisen
from rules.money import round_fen
from rules.parts_sale import ApprovalLevel, PaymentTerms
from rules.parts_sale_steps import SaleState


class PartsSale(Noun, Model):
    """A sale of parts; number, customer, handler, total and delivery (`arose_on`) stand on its receivable."""

    __tablename__ = "parts_sales"
    receivable_id: Mapped[int] = mapped_column(
        ForeignKey("receivables.id", ondelete="RESTRICT"), unique=True
    )
    sold_on: Mapped[date]
    device_id: Mapped[int | None] = mapped_column(
        ForeignKey("devices.id", ondelete="RESTRICT"), index=True
    )
    other_costs: Mapped[Decimal] = mapped_column(Money)
    net_profit: Mapped[Decimal] = mapped_column(Money)
    purchase_confirmed: Mapped[bool] = mapped_column(default=True)
    terms: Mapped[PaymentTerms] = mapped_column(code(PaymentTerms))
    circumstance: Mapped[str | None] = mapped_column(String(200))
    agreed_payment_on: Mapped[date | None]
    approval_level: Mapped[ApprovalLevel | None] = mapped_column(code(ApprovalLevel))
    approved_on: Mapped[date | None] = mapped_column()
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    damage_reason: Mapped[str | None] = mapped_column(String(200))
    priced_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    requested_on: Mapped[date | None] = mapped_column()
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    refusal: Mapped[str | None] = mapped_column(String(500))
    cancelled_on: Mapped[date | None] = mapped_column()
    cancel_reason: Mapped[str | None] = mapped_column(String(500))
    state: Mapped[SaleState] = told_by(
        SaleState, "registered",
        ("cancelled", cancelled_on), ("delivered", arisen(receivable_id)), ("approved", approved_on),
        ("waiting", requested_on),
    )  # fmt: skip
    receivable: Mapped[Receivable] = relationship()
    device: Mapped[Device | None] = relationship()
    lines: Mapped[list["PartsSaleLine"]] = relationship(order_by="PartsSaleLine.position")


class PartsSaleLine(Noun, Model):
    """One article of a sale, in the order of the document; prices per unit."""

    __tablename__ = "parts_sale_lines"
    __table_args__ = (UniqueConstraint("sale_id", "position"),)
    sale_id: Mapped[int] = mapped_column(ForeignKey("parts_sales.id", ondelete="RESTRICT"))
    position: Mapped[int]
    article: Mapped[str] = mapped_column(String(120))
    specification: Mapped[str | None] = mapped_column(String(120))
    unit: Mapped[str | None] = mapped_column(String(20))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    sale_price: Mapped[Decimal] = mapped_column(Money)
    purchase_price: Mapped[Decimal] = mapped_column(Money)
    other_costs: Mapped[Decimal] = mapped_column(Money)

    @property
    def amount(self) -> Decimal:
        """What the customer pays for the line (R6.1)."""
        return round_fen(self.quantity * self.sale_price)
