"""Commands on forms to be printed and handed in."""
