"""The result of a settlement as a sentence on the forms, which are Chinese. 三(四)2"""

from collections.abc import Mapping

from ledger12315.boxes.reading import yuan
from ledger12315.words import REQUESTS


def agreement_sentence(row: Mapping[str, object]) -> str:
    """Return in Chinese how a closed complaint was settled: the requests, and the amount in 元."""
    start = "经调解，" if row.get("outcome") == "mediated" else "经双方协商，"
    asked = str(row.get("request") or "").split(",")
    done = "、".join(REQUESTS[code].zh for code in asked if code in REQUESTS and code != "other")
    agreed = f"经营者同意{done}" if done else "达成一致"
    if isinstance(fen := row.get("recovered"), int) and fen:
        agreed += f"，为消费者挽回{yuan(fen)}元"
    return f"{start}{agreed}。"
