"""The base of every noun's screens: list, details, form, look-up, export, bulk actions, history."""
