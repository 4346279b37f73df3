"""PostgreSQL's full text noun by noun, so that a word of many tickets does not slow a search for customers.

Revision ID: 20261206s
Revises: 20261205a
"""

from alembic import op

from models.search_entry import search_index_by_noun

revision = "20261206s"
down_revision = "20261205a"
branch_labels = None
depends_on = None

NOUNS = {
    "customers": 1, "devices": 2, "projects": 3, "employees": 4, "tickets": 5,
    "receivables": 6, "accounts": 7, "makers": 8, "sites": 9, "contacts": 10,
}  # fmt: skip


def upgrade():
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP INDEX ix_search_entries_words")
    for table, code in NOUNS.items():
        op.execute(search_index_by_noun(table, code))


def downgrade():
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in NOUNS:
        op.execute(f"DROP INDEX ix_search_words_{table}")
    op.execute(
        "CREATE INDEX ix_search_entries_words ON search_entries "
        "USING gin (array_to_tsvector(string_to_array(words, ' ')))"
    )
