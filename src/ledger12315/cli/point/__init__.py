"""Commands on service points."""
