"""Forms to be printed and handed in."""
