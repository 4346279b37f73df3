"""What people do: one verb per function; the only code that writes and commits."""
