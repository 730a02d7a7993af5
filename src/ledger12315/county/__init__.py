"""The county's ledger: hand-ins, the registry and what the county told, in one DuckDB file.

`arriving` finds what a station or a county handed in and checks it, `store` keeps it for good,
`rules/county.py` says what counts and what differs, `facts` serves the cases to any engine.
"""
