"""A clerk's day at a real terminal in Chinese, with every slip that clerks made when it was tried.

An answer in [ ] is the sign that the screen shows beside this text. What is in the ledger at the
end, column by column, is what was typed, or shown before it was written.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.cli.conftest import Cli
from tests.rows import joined
from tests.served import served
from tests.sitting import Sitting
from tests.typist import keys

pytestmark = pytest.mark.slow

_TODAY = "2026-12-01"
_KEYS = {"^C": "\x03", "^D": "\x04", "⟨": "\x1b[200~", "⟩": "\x1b[201~", "⇥": "\t", "␤": "\n"}
_REGISTER = """2026年11月登记簿
登记编号,受理日期,投诉人,类型,商品/服务名称,处理结果,办结日期
1,2026-11-02,周平,质量,茶杯,,
2,2025-11-05,吴敏,价格,茶壶,和解,2025-11-06
3,2026-08-11,郑爽,质量,茶叶,,
经办人：,林秀珍,审核：,陈建平,,,
"""
# What is asked, what is answered, and after → what is said then.
_DAY = """
$ log
受理日期 > → 2026-12-01 周二
服务点 > y → y、n 只用来回答带 [y/n] 的问题
服务点 > 1,2 → 没有服务点
服务点 > sc → 没有服务点
服务点 > ＜
受理日期 > ９-３１ → 日历上没有“９-３１”这一天
受理日期 > 2016-11-30 → 可能是 2026-11-30
就是这样 > n
受理日期 > 8-11 → 可能是 2026-11-08
就是这样 > 11-27
服务点 > 9 → 没有服务点
服务点 > [P001 东门商场]
来源 > y → y、n 只用来回答带 [y/n] 的问题
来源 > 4 → 不在可填的词里
来源 > [消费者直接投诉]
受理方式 > sc → 不在可填的词里
受理方式 > d → 不在可填的词里
受理方式 > [电话]
投诉人 > → 必须填写
投诉人 > ? → 投诉人姓名
投诉人 > 李明
联系电话 > <
投诉人 > 王芳13911112222 → 姓名里有数字
就是这样 > 王芳
联系电话 > 1391111222 → 不像电话号码
就是这样 > １３９１１１１２２２２
商品 > 16 → 商品/服务名称就是“16”吗
就是这样 > n
商品 > ⟨毛毯⇥329⇥破洞⟩ → 一次只粘贴一格
商品 > ⟨毛毯␤破洞⟩ → 一次只粘贴一格
商品 > 毛毯
类别 > 99 → 不在可填的词里
类别 > 11
问题类别 > <
类别 > [日用商品]
问题类别 > ys → 不在可填的词里
问题类别 > [质量]
投诉请求 > 1 3 329 → “329”不在可填的词里
投诉请求 > [退货] [退款]
消费金额 > y → y、n 只用来回答带 [y/n] 的问题
消费金额 > 3o9 → 不是金额
消费金额 > ３２９
投诉事实 > n → y、n 只用来回答带 [y/n] 的问题
投诉事实 > 破洞
处理结果 > <
投诉事实 > 了
处理结果 > tj → “tj”有几项都像：3 调解成功、4 调解不成
处理结果 > y → y、n 只用来回答带 [y/n] 的问题
处理结果 > [和解]
办结日期 > y → y、n 只用来回答带 [y/n] 的问题
办结日期 > 2016-11-30 → 距今
就是这样 > 12-1
挽回 > y → y、n 只用来回答带 [y/n] 的问题
挽回 > y → y、n 只用来回答带 [y/n] 的问题
挽回 > 3290 → 1 经双方协商，经营者同意退货、退款，为消费者挽回经济损失3290.00元。
和解协议 > y → y、n 只用来回答带 [y/n] 的问题
和解协议 > 1
反馈 > y → y、n 只用来回答带 [y/n] 的问题
反馈 > =
评价 > y → y、n 只用来回答带 [y/n] 的问题
评价 > [满意] → 挽回的3290.00元比争议的329.00元多
就是这样 > 329 → 16 挽回经济损失: 329.00 元
写入 > ^C
已答的留到下次 > y → 下次用同一命令接着写
$ log
接着写 > 1
接着写 > y → 王芳
写入 > n → 已答的都留着
$ log
接着写 > n
全都删掉 > n
接着写 > y
写入 > 99 → 没有“99”这个选择
写入 > 6
联系电话 > 13911112223
写入 > y → 2026-0001 已办结
投诉人 > 2
服务点 > [P002 南门市场]
投诉人 > 赵丽
联系电话 >
被投诉经营者 > 4 → 被投诉经营者就是“4”吗
就是这样 > 四号摊
商品 > [毛毯]
问题类别 > [质量]
投诉请求 >
消费金额 > 1800
投诉事实 > 起球
处理结果 > → 毛毯 1800.00 元，以前最多 329.00 元
就是这样 > 180
写入 > 5
投诉人 > 李明
写入 > y → 2026-0002 最迟于
投诉人 > 赵丽
联系电话 > 13700001111
被投诉经营者 > [四号摊]
商品 > [毛毯]
问题类别 > [质量]
投诉请求 >
消费金额 >
投诉事实 > 起球
处理结果 >
写入 > y → 2026-0003 最迟于
投诉人 >
$ 办结
登记编号 > 毛毯 → 对应 2 件投诉
登记编号 > mt → 几项都像
登记编号 > 1 → 2026-0001 已于 2026-12-01 办结
登记编号 > [2026-0003 毛毯 赵* 2026-11-27 四号摊]
处理结果 > [和解不成、已告知申诉]
告知日期 > 12-2 → 可能是 2025-12-02，也可能是 2026-12-02
告知日期 > 11-30
挽回 >
评价 >
写入 > 1
登记编号 > 2 3 → 1 登记编号: 2026-0002 毛毯 李* 2026-11-27 四号摊、2026-0003 毛毯 赵*
写入 > 1
登记编号 > 2 → 2026-0002 毛毯 李* 2026-11-27 四号摊
写入 > y → 2026-0002 已办结
$ 投诉 作废
登记编号 > 2 → 2026-0002 毛毯 李* 2026-11-27 四号摊
理由 > 重复
写入 > y → 2026-0002 已作废
$ 投诉 重开
登记编号 > [2026-0002 毛毯 李* 2026-11-27 四号摊]
理由 > 不是重复
写入 > y → 2026-0002 不再作废
$ 投诉 报请
登记编号 > [2026-0003 毛毯]
报请理由 > 拒绝和解
写入 > n → 已答的都留着
$ 投诉 报请
接着写 > y → 2026-0003 毛毯 赵*
写入 > y → 2026-0003 已于 2026-12-01 报请
$ 服务点 检查 P002
固定办公场所 > 3 → 既不是
固定办公场所 > y
牌匾 > 否：人员照片 → 否
胸卡 > n
计算机 > [是]
工作制度 >
登记簿 > 1
宣传栏 > 2
工作记录 >
七个统一 >
进货 >
承诺 >
不合格商品 >
宣传栏更新 >
写入 > y → 人员照片
$ 设点
名称 > 北门超市
类型 > sc → 几项都像
类型 > [超市]
面积 > 120
营业额 > 四十万
联络员 >
联系人 >
设立 > 2026-5-1
写入 > y → P003 北门超市
$ 投诉 导入 甲店登记簿.csv --point P001
列名“类型”是 > 样式 → 不是还空着的栏目
列名“类型”是 > → B4：2025-11-05
仍然导入 > n → 没有写入
$ 投诉 导入 甲店登记簿.csv --point P001
仍然导入 > y → 导入 3
$ 汇总 3 2026-3
报告期 > [2026-03] → 和解息诉率
$ 查找 东门商场                         → P001 东门商场 的投诉：4
"""


# Each column that is filled, but keys and moments: what was typed, or shown before it was written.
_FILLED = """
complaint 2026-0001 point_id=1 type=mall received=2026-11-27 source=direct channel=phone \
    complainant=王芳 phone=13911112223 item=毛毯 category=daily_goods problem=quality \
    purchase=32900 facts=破洞了 request=return,refund outcome=settled closed=2026-12-01 \
    handling=经双方协商，经营者同意退货、退款，为消费者挽回经济损失329.00元。 recovered=32900 \
    agreement=经双方协商，经营者同意退货、退款，为消费者挽回经济损失329.00元。 rating=satisfied \
    answered=2026-12-01
complaint 2026-0002 point_id=2 type=market received=2026-11-27 source=direct channel=phone \
    complainant=李明 respondent=四号摊 item=毛毯 category=daily_goods problem=quality \
    purchase=18000 facts=起球 outcome=advised closed=2026-11-30 told=2026-11-30 \
    reopen_reason=不是重复
complaint 2026-0003 point_id=2 type=market received=2026-11-27 source=direct channel=phone \
    complainant=赵丽 phone=13700001111 respondent=四号摊 item=毛毯 category=daily_goods \
    problem=quality facts=起球 escalated=2026-12-01 escalation_reason=拒绝和解
complaint 2025-0001 point_id=1 type=mall received=2025-11-05 source=direct channel=visit \
    complainant=吴敏 item=茶壶 kind=other problem=price outcome=settled closed=2025-11-06 \
    external_no=2
complaint 2026-0004 point_id=1 type=mall received=2026-08-11 source=direct channel=visit \
    complainant=郑爽 item=茶叶 kind=other problem=quality external_no=3
complaint 2026-0005 point_id=1 type=mall received=2026-11-02 source=direct channel=visit \
    complainant=周平 item=茶杯 kind=other problem=quality external_no=1
inspection office point_id=2 day=2026-12-01 met=1
inspection sign point_id=2 day=2026-12-01 met=0 lacking=staff_photos
inspection liaison point_id=2 day=2026-12-01 met=0
inspection equipment point_id=2 day=2026-12-01 met=1
inspection register point_id=2 day=2026-12-01 met=1
inspection board point_id=2 day=2026-12-01 met=0
point 北门超市 code=P003 area=12000 turnover=40000000 eligibility=meets since=2026-05-01
"""
_UNTYPED = {"id", "key", "year", "serial", "entered", "closed_entered", "escalated_entered"}
# From an empty ledger, one case, the next, and the closing of one that was left open; the keys of
# each on a Chinese keyboard, with the Enter that ends a sitting.
_CLEAN = """
$ log 72
受理日期 >
服务点 > [P001 东门商场]
来源 > [消费者直接投诉]
受理方式 > [来人]
投诉人 > 张三
联系电话 > 13900001111
商品 > 电饭锅
类别 > [家用电子电器]
问题类别 > [质量]
投诉请求 > [退货]
消费金额 > 299
投诉事实 > 不加热
处理结果 > [和解]
挽回 > [299.00 元]
和解协议 >
反馈 > [2026-12-01 周二]
评价 > [满意]
写入 > y
投诉人 >
$ log 51
受理日期 >
服务点 >
来源 > [消费者直接投诉]
受理方式 > [来人]
投诉人 > 王芳
联系电话 > 13900002222
商品 > [电饭锅]
问题类别 > [质量]
投诉请求 > [退货]
消费金额 > 299
投诉事实 > 不加热
处理结果 >
写入 > y
投诉人 >
$ close 13
登记编号 > [2026-0002 电饭锅]
处理结果 > [和解]
挽回 > [299.00 元]
和解协议 >
反馈 > [2026-12-01 周二]
评价 > [满意]
写入 > y
"""


def _turns(script: str) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Yield each command line with its turns: what is asked, answered, and said then."""
    for part in script.split("$ ")[1:]:
        line, *turns = part.strip().splitlines()
        parted = (re.fullmatch(r"(.+?) >(.*?)(?:→ (.*))?", turn) for turn in turns)
        yield line, [(each[1], each[2].strip(), each[3] or "") for each in parted if each]


def _keys(answer: str, sitting: Sitting) -> str:
    for text in re.findall(r"\[(.+?)\]", answer):
        sign = sitting.sign_of(text)
        assert sign, f"{text!r} is not offered:\n{sitting.screen}"
        answer = answer.replace(f"[{text}]", sign)
    for sign, key in _KEYS.items():
        answer = answer.replace(sign, key)
    return answer if answer in ("\x03", "\x04") else f"{answer}\r"


def _sit(line: str, turns: Sequence[tuple[str, str, str]], ledger: Path) -> list[str]:
    """Return the keys typed at a command, whose questions are as expected."""
    env = {"LEDGER12315_LANG": "zh", "LEDGER12315_TODAY": _TODAY, "LEDGER12315_DB": str(ledger)}
    typed, awaited, wrong = list[str](), "", list[str]()
    with Sitting(line.split(), program=served(), env=env, cwd=ledger.parent) as sitting:
        for asked, answer, said in turns:
            found = sitting.asked()
            assert found, f"{asked} is not asked:\n{sitting.screen}"
            if awaited not in found[0]:
                wrong.append(f"{line}: {awaited!r} before {asked} > {answer}, but {found[0]}")
            assert asked in found[1], "\n".join([*wrong, f"{asked} > {answer}", sitting.screen])
            typed.append(_keys(answer, sitting))
            sitting.type(typed[-1])
            awaited = said
        assert sitting.asked() is None, sitting.screen
        assert awaited in sitting.last and sitting.code in (0, 130), sitting.screen
    assert not wrong, "\n".join(wrong)
    return typed


def test_a_day(cli: Cli) -> None:
    (cli.path.parent / "甲店登记簿.csv").write_text(_REGISTER, "utf-8")
    for line, turns in _turns(_DAY):
        _sit(line, turns, cli.path)
    wanted = joined(_FILLED).strip().splitlines()
    assert [*_filled(cli)] == [sorted(line.split()) for line in wanted]


def _filled(cli: Cli) -> Iterator[list[str]]:
    """Yield the table, the name and the filled columns of each row, in alphabetical order."""
    for table, name, which in (
        ("complaint", "number", "1 = 1"),
        ("inspection", "item", "1 = 1"),
        ("point", "name", "id > 2"),
    ):
        [(columns,)] = cli.sql(
            f"SELECT group_concat(name) FROM (SELECT name FROM pragma_table_info('{table}'))"
        )
        for row in cli.sql(f"SELECT * FROM {table} WHERE {which} ORDER BY id"):
            filled = {
                key: value
                for key, value in zip(columns.split(","), row, strict=True)
                if value not in (None, "") and key not in _UNTYPED
            }
            named = [table, str(filled.pop(name))]
            yield sorted([*named, *(f"{key}={value}" for key, value in filled.items())])


def test_keys_of_a_case(cli: Cli) -> None:
    for line, turns in _turns(_CLEAN):
        name, count = line.split()
        assert keys(_sit(name, turns, cli.path)) == int(count), line
