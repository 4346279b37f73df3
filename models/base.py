"""The database handle, the naming of constraints, and the column types for money, months and time."""

import enum
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    String,
    case,
    literal_column,
    type_coerce,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from rules.period import Month

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base: every constraint gets a name, so that migrations can speak of it."""

    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class _Scaled(TypeDecorator[Decimal]):
    """An exact decimal kept as a whole number of its smallest unit."""

    impl = BigInteger
    cache_ok = True
    places = 0

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} decimals")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)


class Money(_Scaled):
    """Yuan with two decimals, kept as whole fen."""

    cache_ok = True
    places = 2


class Rate(_Scaled):
    """A share such as 0.85, kept as whole ten-thousandths."""

    cache_ok = True
    places = 4


class Quantity(_Scaled):
    """A quantity with up to three decimals, kept as whole thousandths (R6.1)."""

    cache_ok = True
    places = 3


class MonthText(TypeDecorator[Month]):
    """A month, kept as ``2026-10`` so that it sorts by time."""

    impl = String(7)
    cache_ok = True

    def process_bind_param(self, value: Month | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Month | None:
        return None if value is None else Month.parse(value)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def code(kind: type[enum.StrEnum]) -> Enum:
    """A column of one of the codes of a StrEnum, kept by its value."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def told_by(kind: type[enum.StrEnum], otherwise: str, *facts: tuple[str, Any]) -> Any:
    """The state that a record's own columns tell, the latest fact first; never stored, so never contradicting them.

    Each fact is (the state's value, a column or a condition); a column tells its state once it is filled. The values
    are written into the statement: as parameters they would go to the database with each question about a state.
    """

    def written(state: str) -> ColumnElement[str]:
        return literal_column(f"'{kind(state).value}'", String)

    whens = [
        (fact if isinstance(fact, ColumnElement) else fact.is_not(None), written(state))
        for state, fact in facts
    ]
    return column_property(type_coerce(case(*whens, else_=written(otherwise)), code(kind)))


class Noun:
    """What every record that people edit has: an id, and a version that betrays a second editor."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    row_version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.row_version}
