"""Under which epoch of its account a log-in began: what ends them all ends it too (R10).

Revision ID: 20261204e
Revises: 20261203l
"""

import sqlalchemy as sa
from alembic import op

revision = "20261204e"
down_revision = "20261203l"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("log_ins", sa.Column("epoch", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("log_ins") as batch:
        batch.drop_column("epoch")
