"""A station's ledger of its 12315 consumer-rights service points."""
