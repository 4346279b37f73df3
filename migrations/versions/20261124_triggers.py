"""Guard the ledgers by triggers.

Revision ID: 20261124b
Revises: 20261124a
"""

from alembic import op

from models.triggers import create_statements, drop_statements

revision = "20261124b"
down_revision = "20261124a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in create_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in drop_statements(op.get_bind().dialect.name):
        op.execute(statement)
