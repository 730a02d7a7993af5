#!/bin/sh
# A small station's third quarter of 2026: set up, log, close, look what is overdue, roll up, export.
# Usage: quarter.sh FOLDER    (a new folder; ledger and workbooks are left in it)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir "$1"
cd "$1"
export LEDGER12315_DB=station.sqlite
day() { export LEDGER12315_TODAY="$1"; }

day 2026-07-01
ledger12315 init --station 榕溪县东门市场监督管理所 --county 榕溪县市场监督管理局
ledger12315 register 东门百货 --type 商场 --area 1200 --capital 50万 --turnover 300万 --since 2015-03-15 \
    --liaison "林秀珍 0591-00000101" --officer "陈建平 0591-00002211"
ledger12315 register --from-stdin < "$here/point.json"
ledger12315 register 古镇特产店 --type 景区 --grade AAA --judgement "景区主街，旺季日均客流三千人以上" \
    --liaison "苏敏 0591-00000121" --officer "郑强 0591-00002213"

day 2026-09-26
ledger12315 record inquiry 东门百货 --count 6 --text 七天无理由退货

# Received on a make-up or common working day: the National Day holiday lies in between.
day 2026-09-28
ledger12315 log --from-stdin < "$here/complaint.json"
ledger12315 log 东门百货 --complainant 张三 --phone 13900005678 --item 电压力锅 --category 家用电子电器 --problem 质量 \
    --purchase 329 --facts "购买不到半个月，加压时锅盖漏气。" --request 更换
ledger12315 log 古镇特产店 --source 分流 --referral-no 榕市监消分第12号 --referred 2026-09-27 --channel 网络 \
    --complainant 李四 --item 茶叶 --category 烟酒饮料 --problem 虚假宣传 --purchase 580 --facts "标注明前茶，实为夏茶。"

day 2026-09-29
ledger12315 close 2026-0001 --outcome 和解 --recovered 24.50 --rating 满意
ledger12315 complaint escalate 2026-0003 --reason "商家否认，须调取进货单据"

day 2026-10-12
ledger12315 overdue
ledger12315 explain 2026-0002
ledger12315 close 2026-0002 --outcome 和解不成 --told 2026-10-12

ledger12315 rollup 3 2026Q3
ledger12315 rollup 6 2026Q3 --cases received_referred
ledger12315 export 3 2026Q3 --point 东门百货
ledger12315 export 6 2026Q3
