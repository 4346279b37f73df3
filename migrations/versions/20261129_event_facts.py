"""The codes and numbers of a ticket's step, beside what people wrote.

Revision ID: 20261129a
Revises: 20261128a
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129a"
down_revision = "20261128a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket_events", sa.Column("facts", sa.String(200), nullable=True))


def downgrade() -> None:
    op.drop_column("ticket_events", "facts")
