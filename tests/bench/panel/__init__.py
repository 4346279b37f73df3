"""The panel at 10,000 and at 1,000,000 tickets, beside bare SQL and beside Django's admin on the same data."""
