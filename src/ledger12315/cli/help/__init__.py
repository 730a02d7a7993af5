"""The handbook and its search."""
