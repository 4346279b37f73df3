"""Let a register fill in how a payment came, and its remark.

Revision ID: 20261128a
Revises: 20261127a
"""

from alembic import op

from models.triggers import create_statements, drop_statements, payment_guard

revision = "20261128a"
down_revision = "20261127a"
branch_labels = None
depends_on = None


def _exchange(condition: str) -> None:
    dialect = op.get_bind().dialect.name
    guard = payment_guard(condition)
    for statement in (*drop_statements(dialect, guard, ()), *create_statements(dialect, guard, ())):
        op.execute(statement)


def upgrade() -> None:
    _exchange(payment_guard()[0].condition)


def downgrade() -> None:
    _exchange("1 = 1")
