"""Returns: those that points send, and the station's own."""
