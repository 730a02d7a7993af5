"""Phones: kept as written, compared by digits, doubted if implausible."""

from pathlib import Path

from tests.cli.conftest import Cli, scenes


@scenes(r"""
# kept as they were written, found and compared by their digits
+ log P001 --item 锅 --facts 坏 --kind goods --complainant 张三 --phone '13800138000/0591-12345678转8'
$ log P001 --item 灯 --facts 坏 --kind goods --complainant 李四 --phone '+86 138-0013-8000'
2026-0002 …
! Not stated, so recorded: source as direct, channel as visit, problem as other.
! Is it the same as 2026-0001? Same point, and same phone or same name and item, within 30 days.
$ complaint show 2026-1 --json --reveal
…"phone": "13800138000/0591-12345678转8"…
$ complaint list --json
…"phone": "138****8000/0591-****5678"…"phone": "138****8000"…
$ find 013800138000
2026-0002 …
2026-0001 …
$ find 0591-12345678
2026-0001 …
# 无 is none, in a box that was filled too
+ log P001 --item 锅 --facts 坏 --kind goods --complainant 张三 --phone 无
+ log P001 --item 灯 --facts 坏 --kind goods --complainant 李四 --phone 13800138000
+ complaint amend 2026-2 --phone 无
$ complaint list --json
…"phone": null…"phone": null…
$ log P001 --item 灯 --facts 坏 --kind goods --complainant 王五 --phone 没留
! Error: phone: it has no digits; leave it out if there is no phone.
[2]
# what would be asked once more is told where nobody can be asked
$ log P001 --item 锅 --facts 坏 --kind goods --complainant "zhang's张三丰" --phone 1380013800 \
    --source referred --referral-no 13800138000
2026-0001 …
! referral_no: It looks like a mobile number: is this the right box?
! complainant: The Chinese name contains Latin letters: is it right?
! phone: It does not look like a phone number (11 digits, or an area code and 7 or 8 digits): \
    is it right?
! Not stated, so recorded: channel as visit, problem as other.
$ log P001 --item 锅 --facts 坏 --kind goods --complainant 李*
2026-0002 …
! complainant: The name contains *, which hides letters: is no more known?
! …
$ complaint amend 2026-0002 --complainant 李*
2026-0002 already has these values.
! …
@ zh
$ 服务点 变更 P002 --officer '余芳 1380013800'
P002 已更正：联系人。
! 联系人：不像电话号码（手机11位，固定电话为区号加7或8位），没有写错吗？
! …
$ 服务点 变更 P002 --liaison 100万
P002 已更正：联络员。
! 联络员：姓名里有数字：只是姓名吗？
! …
$ 服务点 变更 P002 --liaison '余芳 1380013800'
P002 已更正：联络员。
! 联络员：不像电话号码（手机11位，固定电话为区号加7或8位），没有写错吗？
! …
""")
def test_in_words(script: str, cli: Cli) -> None:
    cli.plays(script)


def test_a_doubtful_phone_is_asked_once_and_not_told_again(cli: Cli) -> None:
    code, seen = cli.talk(
        "log P001 --complainant 张三 --item 锅 --kind goods",
        "received>;source>1;channel>1;phone>1380013800;is it right?>n;phone>1380013801;"
        "is it right?>y;problem>1;request>;purchase>;facts>坏;outcome>;Write it>y",
    )
    assert code == 0 and seen.count("not look like a phone") == 2, seen
    assert cli.sql("SELECT phone FROM complaint") == [("1380013801",)]


def test_another_phone_typed_at_the_doubt_takes_its_place(cli: Cli) -> None:
    cli.converses("""
        $ log P001 --complainant 张三 --item 锅 --kind goods
        received > ; source > 1; channel > 1; phone > 1390000222; is it right? > 13900002222
        problem > 1; request > ; purchase > ; facts > 坏; outcome > ; 13900002222 > y
        = phone: 13900002222
    """)
    assert cli.sql("SELECT phone FROM complaint") == [("13900002222",)]


def test_a_register_that_writes_a_phone_otherwise_says_the_same(cli: Cli) -> None:
    for phone, told in (("13800138000", "imported"), ("138-0013-8000", "skipped")):
        row = f"1,2026-09-06,张三,{phone},鞋,服装鞋帽"
        heading = "登记编号,受理日期,投诉人,联系电话,商品/服务名称,类别"
        Path("book.csv").write_text(f"{heading}\n{row}\n", "utf-8")
        assert cli("complaint import book.csv --point P001 --json").json[told] == 1
