"""The version of a ledger's schema, and whether it is as that version was made."""

from functools import lru_cache
from hashlib import sha256

from ledger12315.ledger.store import Ledger, single

# Every version of a ledger: the step in `schema` that makes it from the one before, and the
# SHA-256 of the whole schema after it. The last is this program's. Each command reads this, and
# loads the steps only if some are missing.
STEPS = {
    1: ("m001_create", "89140b7f5ef4c615d62180cec7d4bb62dcd493238a64aa8f98678ce6891d7352"),
    2: ("m002_desk", "4a7e3e55be54022fe94e09ce5a5f7a4de1bd982a2272c3fc29fd8ac532a293d6"),
    3: ("m003_words", "5a41027a170573741c6dcba7d748be61c416dfaeb23ce6b24f76f140fd04ecb2"),
    4: ("m004_terms", "9f924238662632883c66c4c1705c984324267d443ad1bd7e555ea14c617a5f75"),
    5: ("m005_conditions", "aea27dceed9509f711df214606832ae375d3b86896196292ccaceb6c2a9553f3"),
    6: ("m006_views", "bf484da171c3589bfe882168a2e3e680f60563525e2b010292f6e8b531022783"),
    7: ("m007_names", "6c3ad85076a1ad1720cb5ea822870fd6511491a0a106ad00d62fe733401a49f3"),
    8: ("m008_order", "41c15e66cf53eb1b9c2fd91d793e6851553e50b575b5a313b2b5532d96f9bc03"),
    9: ("m009_registers", "60ed97ca135f49ca0535c322beb066cb922e08b145435c4d70bca70d02666f3e"),
    10: ("m010_unsaid", "eee29390bc4ac761b5b77e366ccea2e18b5c154c093018d5b9b4dbbab6d64aa6"),
    11: ("m011_told", "8678740f7166366c31bf0e27148e2175f48f28a4065a502a1fee0dae3ced682e"),
    12: ("m012_published", "8036f8ad5945ba2574a0427274bd7af8ff118c4c01fe0dc6fff6ecbd19d9aaf4"),
    13: ("m013_meetings", "5e25fc90052417156844a48badf59a0e324edaa50a11d2be826bf98ad5304e00"),
    14: ("m014_readable", "1938c839e36878733a43f6d0a3c1646f8cfa99a51054ffdeb5a66b69b046a8f1"),
}


def version_of(ledger: Ledger) -> int:
    """Return the version of the ledger's schema; 0 means none."""
    return int(single(ledger, "PRAGMA user_version"))


def fingerprint(ledger: Ledger) -> str:
    """Return the SHA-256 of the whole schema: every table, index, view and trigger."""
    query = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    return _sha256(tuple(tuple(row) for row in ledger.execute(query)))


@lru_cache(maxsize=1)  # a command may open its ledger several times
def _sha256(rows: tuple[tuple[object, ...], ...]) -> str:
    return sha256(repr([*rows]).encode()).hexdigest()
