"""Commands on the ledger as a file, its settings, words and calendar."""
