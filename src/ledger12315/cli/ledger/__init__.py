"""Commands on the ledger's file, its settings, words and calendar."""
