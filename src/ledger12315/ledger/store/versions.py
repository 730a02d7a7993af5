"""The version of a ledger's schema, and whether it is as that version was made."""

from hashlib import sha256

from ledger12315.ledger.store import Ledger, single

# Every version of a ledger: the step in `schema` that makes it from the one before, and the
# SHA-256 of the whole schema after it. The last is this program's. Each command reads this, and
# loads the steps only if some are missing.
STEPS = {
    1: ("m001_create", "69c01f41fe57f5cda8f817557e8635b3798bed8f68c84895b5464fd45d13725a"),
    2: ("m002_desk", "ffcd3c13a00142669c3f6bb3f252dc639dfc4ee153df1cda4e57ed033abd9edd"),
    3: ("m003_words", "70b291cee6826f0ad1b19adbd933fd209255507c71b369caeafb981ab146f379"),
    4: ("m004_terms", "696906228dadf3805316d4431747050a873f80e97ba499c56e8c31370aac65e1"),
    5: ("m005_conditions", "3e6e291055e25a382b5ecaadb3bac2325b7e122b86d9216520433ca8b37df1b0"),
    6: ("m006_views", "b4d475060f43f13de0a79e38daa3cc9b417e4a9111494b48af44ab4c3c6cb86b"),
    7: ("m007_names", "df04596ebb5e1aba17c4a98c8eead891c12c4f2288d42ed5a7136ecb2bc940dc"),
    8: ("m008_order", "8d527ed7683f4e89dc841d9736c2ffdbcce4c2bd6e796f17bdc14969ac3c78cf"),
    9: ("m009_registers", "71c313967fbb26cd9322fab216c7669cca5587db5c2995732174a00e80ea3f73"),
    10: ("m010_unsaid", "5c89a49ee17000d7e6853e37d9c9717a700408e555f6f65ea4e301671b3bb0cb"),
    11: ("m011_told", "950eb6fb8d70780b119d33ab3f9c54ec39890fedb02b724ba213e42a1b5059b8"),
    12: ("m012_published", "2aa9c174e78a5e2b84898e38d2074c3e3eec0ca3601c386926c4764b21fcf467"),
    13: ("m013_meetings", "b3a43cf8ea87a3e6e2f145fab7ca008aaaed341a3fee3e80515312901be62643"),
    14: ("m014_readable", "62dfd6086a1a1bed7f01684ef37f5e3c403ef5bb8a7bf622032033025fe5d7c1"),
    15: ("m015_said", "8db33818418d3d567e071ba0baef6e8deea6357a34d82045a511f2039f939da8"),
}


def version_of(ledger: Ledger) -> int:
    """Return the version of the ledger's schema; 0 means none."""
    return int(single(ledger, "PRAGMA user_version"))


def fingerprint(ledger: Ledger) -> str:
    """Return the SHA-256 of the whole schema: every table, index, view and trigger."""
    # As bytes, sorted here: each command does this, and SQLite would take three times as long.
    query = "SELECT CAST(concat_ws(char(0), type, name, tbl_name, sql) AS BLOB) FROM sqlite_master"
    return sha256(b"\0".join(sorted(thing for (thing,) in ledger.execute(query)))).hexdigest()
