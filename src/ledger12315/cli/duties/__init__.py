"""What has to be done, and what is overdue."""
