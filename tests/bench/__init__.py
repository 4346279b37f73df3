"""Measurements beside plain SQL, each part in a process of its own; never timed tests."""
