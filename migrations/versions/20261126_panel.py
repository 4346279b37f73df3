"""What lists remember, and the words by which records are found.

Revision ID: 20261126p
Revises: 20261126b
"""

import sqlalchemy as sa
from alembic import op

from models.search_entry import (
    create_search_index,
    create_search_triggers,
    drop_search_index,
    drop_search_triggers,
)

revision = "20261126p"
down_revision = "20261126b"
branch_labels = None
depends_on = None

WATCHED = {
    "customer": ("customers", ("name", "contact", "address", "number", "phone")),
    "device": ("devices", ("name", "serial", "model")),
    "project": ("projects", ("name", "number")),
    "employee": ("employees", ("name", "department", "number", "phone")),
    "ticket": ("tickets", ("reporter", "fault", "place", "number", "phone")),
    "receivable": ("receivables", ("number",)),
    "account": ("accounts", ("username",)),
}


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_saved_views_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("account_id", "noun", "name", name=op.f("uq_saved_views_account_id_noun_name")),
    )
    op.create_table(
        "column_choices",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("noun", sa.String(length=40), nullable=False),
        sa.Column("columns", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_column_choices_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "noun", name=op.f("pk_column_choices")),
    )
    op.create_table(
        "search_entries",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entries")),
    )
    op.create_table(
        "search_pending",
        sa.Column("noun", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("noun", "record_id", name=op.f("pk_search_pending")),
    )
    dialect = op.get_bind().dialect.name
    for statement in create_search_index(dialect):
        op.execute(statement)
    for noun, (table, columns) in WATCHED.items():
        for statement in create_search_triggers(dialect, noun, table, columns):
            op.execute(statement)
        op.execute(
            f"INSERT INTO search_pending (noun, record_id) SELECT '{noun}', id FROM {table}"
        )


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table, _columns in WATCHED.values():
        for statement in drop_search_triggers(dialect, table):
            op.execute(statement)
    for statement in drop_search_index(dialect):
        op.execute(statement)
    for table in ("search_pending", "search_entries", "column_choices", "saved_views"):
        op.drop_table(table)
