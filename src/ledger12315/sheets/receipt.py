"""报送回执: sent with a return, and later proof that it was not changed."""

from collections.abc import Iterable

from ledger12315.boxes.kinds import DAY
from ledger12315.rules.periods import Period
from ledger12315.rules.reported import Stamp
from ledger12315.sheets import NOT_TO_BE_SENT


def receipt(
    unit: str,
    period: Period,
    stamp: Stamp,
    files: Iterable[tuple[str, str]],
    head: str,
    practice: bool = False,
) -> bytes:
    """Return the text of a receipt; `files` are the forms' names, each with its SHA-256.

    `head` is that of the act that froze them; it cannot be on the forms themselves. One made in
    `practice` begins with saying so.
    """
    day, time = DAY.printed(stamp.moment.date()), stamp.moment.strftime("%H:%M:%S")
    others = {"上期报表的校验值": stamp.before, "所代替报表的校验值": stamp.replaces}
    lines = [
        *([NOT_TO_BE_SENT] if practice else []),
        "报送回执",
        f"报告期：{period.title}（{period.code}）",
        f"填报单位：{unit}",
        f"报送时刻：{day} {time}（台账第{stamp.act}次操作）",
        f"制表时的台账历史校验值：{stamp.head}",
        *(f"{label}：{value}" for label, value in others.items() if value),
        "各表文件的SHA-256：",
        *(f"  {name}：{digest}" for name, digest in files),
        f"报送后的台账历史校验值：{head}",
        f"日后核对：ledger12315 台账 检查 --核对码 {head[:16]}",
    ]
    return "\r\n".join((*lines, "")).encode("utf-8-sig")
