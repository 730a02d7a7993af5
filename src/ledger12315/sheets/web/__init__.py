"""Pages for a browser, one file each, without anything loaded from outside."""
