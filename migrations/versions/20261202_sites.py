"""Sites and contacts of customers, and the site of a ticket (R2.7, R3).

Revision ID: 20261202s
Revises: 20261201r
"""

import sqlalchemy as sa
from alembic import op

from models.search_entry import create_search_triggers, drop_search_triggers

revision = "20261202s"
down_revision = "20261201r"
branch_labels = None
depends_on = None

SEARCHED = {
    "site": ("sites", ("name", "address")),
    "contact": ("contacts", ("name", "duty", "phone")),
}


def upgrade() -> None:
    op.create_table(
        "sites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("address", sa.String(200), nullable=True),
        sa.Column("in_town", sa.Boolean(), nullable=True),
        sa.Column("note", sa.String(200), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_sites_customer_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("customer_id", "name", name=op.f("uq_sites_customer_id_name")),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("duty", sa.String(80), nullable=True),
        sa.Column("phone", sa.String(40), nullable=True),
        sa.Column("email", sa.String(120), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_contacts_customer_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_contacts_site_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_customer_id"), "contacts", ["customer_id"])
    op.create_index(op.f("ix_contacts_site_id"), "contacts", ["site_id"])
    dialect = op.get_bind().dialect.name
    with op.batch_alter_table("tickets") as batch:
        batch.add_column(sa.Column("site_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            "fk_tickets_site_id", "sites", ["site_id"], ["id"], ondelete="RESTRICT"
        )
        batch.create_index("ix_tickets_site_id", ["site_id"])
    _watch_tickets(dialect)
    for noun, (table, columns) in SEARCHED.items():
        for statement in create_search_triggers(dialect, noun, table, columns):
            op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for table, _columns in SEARCHED.values():
        for statement in drop_search_triggers(dialect, table):
            op.execute(statement)
    with op.batch_alter_table("tickets") as batch:
        batch.drop_index("ix_tickets_site_id")
        batch.drop_constraint("fk_tickets_site_id", type_="foreignkey")
        batch.drop_column("site_id")
    _watch_tickets(dialect)
    op.drop_table("contacts")
    op.drop_table("sites")


def _watch_tickets(dialect: str) -> None:
    """SQLite made the table anew, without its triggers: put them back."""
    if dialect == "sqlite":
        columns = ("reporter", "fault", "place", "number", "phone")
        for statement in create_search_triggers(dialect, "ticket", "tickets", columns):
            op.execute(statement)
