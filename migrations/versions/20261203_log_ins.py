"""Each log-in, so that it can be seen and ended by itself (R10).

Revision ID: 20261203l
Revises: 20261202s
"""

import sqlalchemy as sa
from alembic import op

revision = "20261203l"
down_revision = "20261202s"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_log_ins_account_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_log_ins"),
        sa.UniqueConstraint("token_hash", name="uq_log_ins_token_hash"),
    )
    op.create_index("ix_log_ins_account_id", "log_ins", ["account_id"])


def downgrade() -> None:
    op.drop_table("log_ins")
