"""Complaints: acts write, views read."""
