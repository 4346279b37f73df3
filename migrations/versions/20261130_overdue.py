"""Who found, stated and sent back on an overdue case; claims against those who left.

Revision ID: 20261130v
Revises: 20261129p
"""

import sqlalchemy as sa
from alembic import op

revision = "20261130v"
down_revision = "20261129p"
branch_labels = None
depends_on = None

ACCOUNTS = ("found_by_id", "stated_by_id", "claim_decided_by_id")
PLAIN = {
    "stated_on": sa.Date(),
    "sent_back_reason": sa.String(length=500),
    "claim": sa.String(length=32),
    "claim_decided_on": sa.Date(),
    "claim_reason": sa.String(length=500),
}


def upgrade() -> None:
    with op.batch_alter_table("overdue_cases") as batch:
        for name, kind in PLAIN.items():
            batch.add_column(sa.Column(name, kind))
        for name in ACCOUNTS:
            batch.add_column(sa.Column(name, sa.Integer()))
            batch.create_foreign_key(f"fk_overdue_cases_{name}", "accounts", [name], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("overdue_cases") as batch:
        for name in ACCOUNTS:
            batch.drop_constraint(f"fk_overdue_cases_{name}", type_="foreignkey")
            batch.drop_column(name)
        for name in PLAIN:
            batch.drop_column(name)
