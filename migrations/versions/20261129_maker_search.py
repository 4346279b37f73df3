"""Makers are found by their words.

Revision ID: 20261129p
Revises: 20261129a
"""

from alembic import op

from models.search_entry import create_search_triggers, drop_search_triggers

revision = "20261129p"
down_revision = "20261129a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in create_search_triggers(
        op.get_bind().dialect.name, "maker", "makers", ("name", "contact", "phone")
    ):
        op.execute(statement)
    op.execute("INSERT INTO search_pending (noun, record_id) SELECT 'maker', id FROM makers")


def downgrade() -> None:
    for statement in drop_search_triggers(op.get_bind().dialect.name, "makers"):
        op.execute(statement)
