"""When a ticket was closed or cancelled.

Revision ID: 20261126b
Revises: 20261126a
"""

import sqlalchemy as sa
from alembic import op

revision = "20261126b"
down_revision = "20261126a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("tickets", "ended_at")
