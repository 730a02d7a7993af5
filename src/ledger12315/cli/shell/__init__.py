"""Completion in the user's shell."""
