"""What one serving process holds: its services and its metrics."""
