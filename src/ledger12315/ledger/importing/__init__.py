"""The import of a register: compared with the ledger, and written in one act."""
