"""The county's ledger: hand-ins, the registry and what the county told, in one DuckDB file.

`arriving` finds what a station or a county handed in and checks it, `store` keeps it for good,
`rules/hand_ins.py` says what counts, `rules/county.py` what was told and what differs from it,
`facts` serves the cases to any engine.
"""
