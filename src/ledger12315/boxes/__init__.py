"""What the forms ask: every box, and the kinds of boxes."""
