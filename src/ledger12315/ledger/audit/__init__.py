"""The ledger itself: checking, earlier states, backups, erasing."""
