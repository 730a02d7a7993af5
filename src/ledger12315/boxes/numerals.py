"""Numbers as Chinese people say and write them: 两千五, 三百零五, 1万2, 3块5, 叁佰元整.

Values are whole millionths inside: the library's fractions are slow to load.
"""

import re

_FORMAL = str.maketrans(
    "壹贰叁肆伍陆柒捌玖拾佰仟萬億〇两圆塊", "一二三四五六七八九十百千万亿零二元块"
)
_DIGITS = "零一二三四五六七八九"
_UNITS = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
_COINS = (
    "(?:(?P<yuan>.+?)[元块]钱?)?(?:(?P<jiao>.)(?:[角毛](?:(?P<fen>.)分?)?)?|(?P<only_fen>.)分)?"
)
_PLACES = 6
_ONE: int = 10**_PLACES


def spoken_number(text: str) -> str:
    """Return a number in words as digits, and any other text unchanged."""
    value = _spoken_value(text.translate(_FORMAL))
    return text if value is None else _in_digits(value)


def spoken_money(text: str) -> str:
    """Return yuan in words as digits, and any other text unchanged."""
    plain = re.sub("(?<=[元角分])[整正]$", "", text.translate(_FORMAL).removeprefix("¥"))
    value = _spoken_value(plain)
    if value is None and re.search("[元块角毛分]", plain):
        value = _with_coins(plain)
    return text if value is None else _in_digits(value)


def _with_coins(text: str) -> int | None:
    """Return the yuan of 元, 角 and 分."""
    if not (found := re.fullmatch(_COINS, text)):
        return None
    yuan, jiao = (_spoken_value(found[name] or "零") for name in ("yuan", "jiao"))
    fen = _spoken_value(found["fen"] or found["only_fen"] or "零")
    if yuan is None or jiao is None or fen is None:
        return None
    coins = jiao // 10 + fen // 100
    return None if coins and yuan % _ONE else yuan + coins


def _in_digits(value: int) -> str:
    whole, rest = divmod(value, _ONE)
    return f"{whole}.{rest:0{_PLACES}}".rstrip("0").rstrip(".")


def _spoken_value(text: str) -> int | None:
    """Return the value of a number in words; None if it is not a number or is ambiguous."""
    if unit := next((each for each in _UNITS if each in text), ""):
        return _value_with_unit(*text.partition(unit))
    if re.fullmatch(f"[{_DIGITS}]", text):
        return _DIGITS.index(text) * _ONE
    found = re.fullmatch(rf"(\d{{1,12}})(?:\.(\d{{1,{_PLACES}}}))?", text, re.A)
    return int(found[1]) * _ONE + int((found[2] or "").ljust(_PLACES, "0")) if found else None


def _value_with_unit(before: str, unit: str, after: str) -> int | None:
    worth = _UNITS[unit]
    many = _ONE if unit == "十" and not before else _spoken_value(before)
    rest = _value_after_unit(after, worth)
    if many is None or rest is None or not 0 < many < max(worth, 10) * _ONE:
        return None
    return many * worth + rest if not after or many % _ONE == 0 else None


def _value_after_unit(text: str, worth: int) -> int | None:
    """Return the value of the digits after a unit: 五 after 百 is 50, 零五 is 5."""
    if not text:
        return 0
    if text.startswith("零"):
        value, most = _spoken_value(text.lstrip("零")), worth // 10
    elif re.fullmatch(f"[1-9{_DIGITS}]", text):
        return (_spoken_value(text) or 0) * worth // 10
    else:
        value, most = _spoken_value(text), worth
        # 1万25 may be 10,025 or 12,500; 1万2500 is clear.
        if text.isdecimal() and len(text) != len(str(worth)) - 1:
            return None
    whole = value is not None and value % _ONE == 0 and value < most * _ONE
    return value if whole else None
