"""Names and phones: masked in whatever is shown, unless they are revealed, which is recorded."""

import pytest

from tests.cli.conftest import Cli, table

PERSONAL = (
    "--complainant 欧阳娜娜 --phone 13900001111 --consumer-address 东街3号201室"
    " --respondent-contact 孙小美 --respondent-phone 0591-00002222 --handler 周大福"
    " --facts '欧阳娜娜来电13900003333' --handling '孙小美已致电13900003333' --remark '可找孙小美'"
)
SECRETS = (
    "欧阳娜娜",
    "13900001111",
    "东街3号201室",
    "孙小美",
    "0591-00002222",
    "13900003333",
    "周大福",
)
OFFICES = ("林秀珍", "13900000101", "陈建平", "13900000202")


@table("""
    line                       | recorded
    complaint list             | complaint list
    complaint list --json      | complaint list
    complaint list --csv       | complaint list
    complaint show 2026-1      | complaint show 2026-0001
    complaint show 2026-1 --json | complaint show 2026-0001
    overdue --within 5         | overdue
    overdue --within 5 --json  | overdue
    overdue --within 5 --csv   | overdue
    point list                 | point list
    point list --json          | point list
    point list --csv           | point list
    point show P001            | point show P001
    point show 东门 --json     | point show P001
""")
def test_they_are_masked_unless_revealed(line: str, recorded: str, cli: Cli) -> None:
    cli.log(PERSONAL)
    masked, hidden = shown(cli, line), (*SECRETS, *OFFICES)
    assert "*" in masked and [secret for secret in hidden if secret in masked] == []
    assert cli.sql("SELECT count(*) FROM disclosure") == [(0,)]
    cli.set.setenv("LEDGER12315_USER", "王五")
    revealed = shown(cli, f"{line} --reveal")
    assert "*" not in revealed and [secret for secret in hidden if secret in revealed]
    [(user, command)] = cli.sql("SELECT user, command FROM disclosure")
    assert (user, command.removeprefix("ledger12315 ")) == ("王五", recorded)


def shown(cli: Cli, line: str) -> str:
    result = cli(line)
    assert result.code == 0
    return result.line if "--json" in line else result.out


@table("""
    box              | given                        | masked
    complainant      | 张三                         | 张*
    complainant      | 李                           | 李*
    complainant      | 欧阳娜娜                     | 欧阳**
    phone            | 13900005678                  | 139****5678
    phone            | 0591-00005678                | 0591-****5678
    phone            | 010-00005678                 | 010-****5678
    consumer_address | 榕溪县东街3号                | 榕溪县****
    facts            | 张三(13900005678)称不加热    | 张*(139****5678)称不加热
    remark           | 张三再来                     | 张*再来
    handler          | 林秀珍                       | 林**
    facts            | 证号350123199001011234       | 证号350****1234
    facts            | 35012319900101123X           | 350****1123
    facts            | 13900005678 13900001234      | 139****1234
    facts            | +86 13900005678              | +86****5678
    facts            | 工单1234567                  | 工单****67
""")
def test_how_a_box_is_masked(box: str, given: str, masked: str, cli: Cli) -> None:
    cli.log(f"--{box.replace('_', '-')} '{given}'")
    assert cli("complaint show 2026-1 --json").json[box] == masked
    assert cli("complaint show 2026-1 --json --reveal").json[box] == given


@pytest.mark.parametrize(
    "box", ["item", "respondent", "respondent-address", "brand", "model", "quantity", "voucher"]
)
def test_a_phone_is_masked_in_whichever_box_it_stands(box: str, cli: Cli) -> None:
    cli.log(f"--{box} '见13900001111'")
    assert "13900001111" not in cli("complaint show 2026-1").out
