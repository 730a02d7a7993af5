"""What can be said of the ledger itself: sound, as it was, kept, erased."""
