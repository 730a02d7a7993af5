"""A register taken in: read, compared with what is known, written in one act."""
