"""Returns: the points' and the station's own."""
