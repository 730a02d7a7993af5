"""The window for a whole day: today's list, then a prompt that takes every command."""
