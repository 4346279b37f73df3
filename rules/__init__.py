"""What the regulation says: pure functions over plain values, without database, request or clock."""
