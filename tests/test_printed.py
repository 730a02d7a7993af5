"""Forms as LibreOffice prints them: months of two digits, signatures, boxes, pages."""

import re
from pathlib import Path
from shutil import which
from subprocess import run as start

import pytest

from tests.printing import exported

_PROGRAMS = ("libreoffice", "pdftotext")
pytestmark = [
    pytest.mark.slow,  # starts processes
    pytest.mark.skipif(not all(map(which, _PROGRAMS)), reason=f"needs {' and '.join(_PROGRAMS)}"),
]
_REMARK = "消费者于2026年11月15日来电，称2026年8月3日所购商品仍未修好。" * 20
_FACTS = "消费者购买电压力锅一台，使用三次后不再加热，经营者拒绝保修，消费者要求退货退款。"


def _case(serial: int, month: int) -> str:
    day, number = f"2026-{month:02}", f"2026-{serial:04}"
    return rf"""
2026-12-20 log P001 --received {day}-14 --complainant 欧阳娜娜 --phone 0591-00000002 --item 电压力锅 \
    --respondent 王记家电 --category electronics --problem quality --purchase 1299 --disputed 1299 \
    --facts {_FACTS} --request repair,refund --source referred --referral-no 榕〔2026〕7号 \
    --referred {day}-13 --reply-by {day}-25 --headcount 12 --promised {day}-18 --bought {day}-02
2026-12-20 complaint escalate {number} --reason 经营者不到场 --on {day}-17
2026-12-20 close {number} --outcome mediated --closed {day}-19 --recovered 1299 \
    --agreement 退还货款，消费者退回商品。 --approved {day}-19 --perform-by {day}-25 \
    --performed {day}-20 --answered {day}-20 --told {day}-20
"""


MONTHS, DAY = (1, 9, 10, 12), "2026-12-21"
STORY = rf"""
2026-01-05 init --station 东门市场监督管理所 --county 榕溪县
2026-01-05 register 东门商场 --type mall --area 500.5 --capital 80万 --turnover 300万 \
    --host 东门商业公司 --address 中山路1号 --liaison "林秀珍 0591-00000001 专职 A1" \
    --officer "陈建平 13900000202"
{"".join(_case(*each) for each in enumerate(MONTHS, 1))}
2026-12-20 log P001 --received 2026-12-15 --complainant 王小明 --item 电扇 --kind goods \
    --facts 不转 --remark {_REMARK}
2026-12-20 point inspect P001 --on 2026-11-15 --office yes --sign '否：人员照片 玻璃破损' \
    --liaison yes --equipment yes --systems yes --register yes --board yes --records yes \
    --uniform yes --purchase-inspection yes --promise yes --withdrawal yes --inspector 陈建平
2026-12-20 record notice P001 --respondent 王记家电 --on 2026-12-20
2026-12-20 record interview P001 --respondent 王记家电 --promised 更换供货商 --promised-by 2026-12-31
2026-12-20 record meeting --place 会议室 --host 陈建平 --attended 林秀珍 --decided 每月互查
"""
# What is printed -> on how many pages, and what stands on the last one beside the signatures.
PRINTED = {
    f"1 {' '.join(f'--number 2026-{serial:04}' for serial, _ in enumerate(MONTHS, 1))}": (
        len(MONTHS),
        "单位领导（签名）：",
        "归档号",
    ),
    "2 2026": (None, "填报日期：", "合计"),
    "3 2026": (1, "填报日期：", "按时办结率"),
    "4": (1, "备案号：", "变更记录"),
    "5 2026Q4": (1, "填报日期：", "在册服务点"),
    "6 2026Q4": (1, "填报日期：", "合计"),
    "agreement --number 2026-0004": (1, "单位领导（审核）：", "约定履行期限"),
    "assessment 2026": (2, "单位为%", "全所"),  # the chart stands beside its table
    "publicity 2026": (1, "公示日期：", "合计"),
    "record 2026": (1, "填报日期：", "约谈"),
    "notice --number 1": (1, "签收日期：", "登记编号"),
    "record --number 3": (1, "主持人（签名）：", "议定事项"),
}


# Where a version before it was, or none, LibreOffice prepares its profile and starts again.
_PREPARED = """<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/Product"><prop oor:name="ooSetupLastVersion" oor:op="fuse">
<value>99</value></prop></item></oor:items>"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Return each form's printed text, page by page."""
    folder: Path = tmp_path_factory.mktemp("printed")
    files = [folder / f"{place}.xlsx" for place in range(len(PRINTED))]
    for file, form in zip(files, PRINTED, strict=True):
        file.write_bytes(exported(STORY, form, DAY))
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PREPARED, "utf-8")
    office = ("libreoffice", f"-env:UserInstallation={profile.as_uri()}")
    start(
        [*office, "--headless", "--convert-to", "pdf", "--outdir", folder, *files],
        check=True,
        capture_output=True,
    )
    texts = (
        start(
            ["pdftotext", "-layout", file.with_suffix(".pdf"), "-"],
            check=True,
            capture_output=True,
        ).stdout.decode()
        for file in files
    )
    return {form: text.split("\f")[:-1] for form, text in zip(PRINTED, texts, strict=True)}


@pytest.mark.parametrize("form", PRINTED)
def test_signatures_stand_with_the_last_rows(form: str, pages: dict[str, list[str]]) -> None:
    count, signed, last = PRINTED[form]
    found = pages[form]
    assert count in (None, len(found))
    assert signed in found[-1] and last in found[-1]


# Cells of the register and the list are read by others as they are: the program that prints them
# wraps them.
@pytest.mark.parametrize("form", [form for form in PRINTED if form[0] not in "25"])
def test_no_day_and_no_box_is_parted(form: str, pages: dict[str, list[str]]) -> None:
    for page in pages[form]:
        for line in page.splitlines():
            assert not re.search(r"[□☑]\s*$", line), line
            without = re.sub(r"\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}月\d{1,2}日", "", line)
            assert not re.search(r"\d年\d{1,2}月?\s*$|\d月\d?\s*$", without), line


def test_what_machines_add_is_not_printed(pages: dict[str, list[str]]) -> None:
    assert "计算依据" not in "".join(pages["6 2026Q4"])
