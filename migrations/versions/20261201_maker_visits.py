"""Whether the maker comes on site for a repair, as he answered commerce (R5.1, R5.2).

Revision ID: 20261201r
Revises: 20261130v
"""

import sqlalchemy as sa
from alembic import op

revision = "20261201r"
down_revision = "20261130v"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("repairs") as batch:
        batch.add_column(sa.Column("maker_visits", sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("repairs") as batch:
        batch.drop_column("maker_visits")
