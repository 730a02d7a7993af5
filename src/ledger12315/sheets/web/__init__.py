"""Pages for a browser: one file each, nothing of it from outside."""
