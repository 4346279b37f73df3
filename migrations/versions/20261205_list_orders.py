"""Lists in the order in which they are read: tickets of a state or a customer by time, sites and contacts by name.

Revision ID: 20261205a
Revises: 20261204e
"""

from alembic import op

revision = "20261205a"
down_revision = "20261204e"
branch_labels = None
depends_on = None


def upgrade():
    op.create_index("ix_tickets_status_reported_at", "tickets", ["status", "reported_at"])
    op.create_index("ix_tickets_customer_id_reported_at", "tickets", ["customer_id", "reported_at"])
    op.drop_index("ix_tickets_status", "tickets")
    op.drop_index("ix_tickets_customer_id", "tickets")
    op.create_index("ix_sites_name", "sites", ["name"])
    op.create_index("ix_contacts_name", "contacts", ["name"])
    op.create_index("ix_base_pay_entries_month", "base_pay_entries", ["month"])


def downgrade():
    op.drop_index("ix_base_pay_entries_month", "base_pay_entries")
    op.drop_index("ix_contacts_name", "contacts")
    op.drop_index("ix_sites_name", "sites")
    op.create_index("ix_tickets_customer_id", "tickets", ["customer_id"])
    op.create_index("ix_tickets_status", "tickets", ["status"])
    op.drop_index("ix_tickets_customer_id_reported_at", "tickets")
    op.drop_index("ix_tickets_status_reported_at", "tickets")
