"""What a terminal marks as pasted at a pseudo-terminal."""

from ast import literal_eval

from tests.cli.conftest import Cli
from tests.rows import table
from tests.served import served
from tests.sitting import Sitting

_LOG = "log P001 --complainant 张三 --item 锅 --kind goods"
_FACTS = "SELECT facts FROM complaint WHERE id > 1"


def opened(cli: Cli) -> Sitting:
    """Return a window whose prompt is shown."""
    line = ["--clock-is-right", "--db", str(cli.path)]
    window = Sitting(line, env={"LEDGER12315_LANG": "en"}, program=served())
    assert said_after(window, "").endswith("exit or Ctrl-D leaves.\n")
    return window


def said_after(window: Sitting, keys: str, awaits: str = "ledger>") -> str:
    """Type keys; return what is said until this question."""
    window.type(keys)
    while asked := window.asked(settled=0.2):
        if asked[1].strip().startswith(awaits):
            return asked[0]
    raise RuntimeError(window.last)


def pasted(text: str) -> str:
    """Return what a terminal sends for a pasted text: Enter for the end of each line."""
    text = literal_eval(f"'''{text}'''").replace("⏎", "\r")
    return f"\x1b[200~{text}\x1b[201~"


@table(r"""
    mark | pasted_text                               | facts
    "    | 坏了⏎complaint void 1 --reason 误录⏎没退  | 坏了⏎complaint void 1 --reason 误录⏎没退
    "    | 坏了⏎⏎退出⏎他说："退款"⏎quit             | 坏了⏎⏎退出⏎他说："退款"⏎quit
    '    | it's broken⏎                              | it's broken
    "    | 坏\u2028complaint void 1 --reason 误录     | 坏\u2028complaint void 1 --reason 误录
    "    | 坏\u2029complaint void 1 --reason 误录     | 坏\u2029complaint void 1 --reason 误录
    "    | 坏\x85complaint void 1 --reason 误录       |
    "    | 坏\x0bcomplaint void 1\x1c退出             |
""")
def test_what_is_pasted_between_quotation_marks_is_one_text(
    mark: str, pasted_text: str, facts: str, cli: Cli
) -> None:
    cli.log()
    with opened(cli) as window:
        said = said_after(window, f"{_LOG} --facts {mark}{pasted(pasted_text)}{mark}\r")
    logged = [(literal_eval(f"'{facts}'" if "'" not in facts else repr(facts)),)] if facts else []
    assert [(row[0].replace("\n", "⏎"),) for row in cli.sql(_FACTS)] == logged, said
    assert facts or "control character" in said
    assert cli.sql("SELECT count(*) FROM complaint WHERE voided IS NOT NULL") == [(0,)]


def test_several_pasted_commands_are_asked_about(cli: Cli) -> None:
    two = "record visit P001⏎record visit P002⏎"
    with opened(cli) as window:
        window.type(pasted(two))
        window.type("\r")
        said = said_after(window, "", "Run them")
        assert "These are several commands: 2.\nrecord visit P001\nrecord visit P002\n" in said
        assert cli.sql("SELECT count(*) FROM record") == [(0,)]
        said_after(window, "n\r")
        assert cli.sql("SELECT count(*) FROM record") == [(0,)]
        said_after(window, pasted(two) + "\r", "Run them")
        said_after(window, "y\r")
    assert cli.sql("SELECT count(*) FROM record") == [(2,)]


_CASE = (
    "log P001 --received 2026-09-28 --source direct --channel visit --kind goods "
    "--category 其他 --problem 其他\r"
)


def test_a_killed_window_loses_only_the_answer_being_typed(cli: Cli) -> None:
    """Another window that stands is not offered its answers, and ends none of them."""
    line = ["--clock-is-right", "--db", str(cli.path)]
    killed = Sitting(line, env={"LEDGER12315_LANG": "en"})  # by itself, as a kill shall meet it
    said_after(killed, "")
    with killed, opened(cli) as standing:
        said_after(killed, _CASE, "complainant:")
        said = said_after(killed, pasted("张三⏎13900001111") + "\r", "complainant:")
        assert "Paste one cell at a time: a row or several lines are no answer." in said
        said_after(killed, "张三\r", "phone")
        said_after(killed, "13900001111\r", "item:")
        killed.type("锅")
        killed.kill()
        said_after(standing, _CASE, "complainant:")
        said_after(standing, "李四\r", "phone")
        said_after(standing, "\x03", "Keep the answers")
        said_after(standing, "n\r")
    with opened(cli) as next_window:
        said_after(next_window, _CASE, "Continue it?")
        said_after(next_window, "y\r", "item:")
        said_after(next_window, "锅\r", "request")
        said_after(next_window, "\r", "purchase")
        said_after(next_window, "\r", "facts")
        said = said_after(next_window, pasted("坏了⏎不退⏎态度差") + "\r", "outcome")
        assert "facts: 坏了 不退 态度差\n" in said


def test_a_known_name_is_asked_about_though_every_box_is_on_the_line(cli: Cli) -> None:
    line = "register 东门商场 --type other --judgement 多 --liaison 李四 --officer 王五"
    count = "SELECT count(*) FROM point"
    [(before,)] = cli.sql(count)
    with opened(cli) as window:
        said_after(window, f"{line}\r", "since")
        said = said_after(window, "\r", "Register it anyway?")
        assert "Is it the same as P001 东门商场?" in said
        said_after(window, "n\r", "name")
        said_after(window, "\x03", "Keep the answers")
        said_after(window, "n\r")
        assert cli.sql(count) == [(before,)]
        assert "is registered" in said_after(window, f"{line} --another\r")
    assert cli.sql(count) == [(before + 1,)]
