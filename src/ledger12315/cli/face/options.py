"""The options that many commands take."""

import inspect
from pathlib import Path
from typing import Annotated, Any

import typer

from ledger12315.locale import N_
from ledger12315.words import Word

# What stands for a value in help, which puts each word in the reader's language.
_METAVARS = (
    *(N_("OPTIONS"), N_("ARGS"), N_("COMMAND"), N_("TEXT"), N_("WORD"), N_("WORDS"), N_("DATE")),
    *(N_("YUAN"), N_("PHONE"), N_("NAME"), N_("NUMBER"), N_("POINT"), N_("PERIOD"), N_("YEAR")),
    *(N_("FILE"), N_("PATH"), N_("FORM"), N_("KEY"), N_("VALUE"), N_("REASON"), N_("KIND")),
    *(N_("DAY"), N_("ID"), N_("N"), N_("M2"), N_("WHY"), N_("TYPE"), N_("MEASURE")),
    *(N_("FOLDER"), N_("DIR"), N_("HEX"), N_("TOPIC"), N_("URL")),
)

# Of options that are no boxes; those of boxes have their headings.
_CHINESE = {
    "--all": "--全部",
    "--annotate": "--批注",
    "--as-of": "--截至",
    "--as-submitted": "--按报送",
    "--by": "--分组",
    "--cases": "--明细",
    "--catalogue": "--指标目录",
    "--clock-is-right": "--时钟无误",
    "--county": "--县",
    "--db": "--台账",
    "--dry-run": "--试运行",
    "--each": "--分服务点",
    "--exit-code": "--退出码",
    "--expect": "--应报",
    "--file": "--文件",
    "--form": "--附件",
    "--from": "--起",
    "--from-stdin": "--从标准输入",
    "--head": "--核对码",
    "--install-completion": "--补全",
    "--show-completion": "--补全脚本",
    "--uninstall-completion": "--取消补全",
    "--internal": "--内部",
    "--keep": "--保留",
    "--like": "--参照",
    "--live": "--现时",
    "--mail": "--邮件",
    "--map": "--对应",
    "--fill": "--填",
    "--nil": "--零报",
    "--notify": "--通知",
    "--number": "--编号",
    "--output": "--输出",
    "--period": "--报告期",
    "--point": "--服务点",
    "--public": "--公开",
    "--rest": "--休息",
    "--reveal": "--不遮盖",
    "--sql": "--查询语句",
    "--store": "--汇集处",
    "--template": "--模板",
    "--totals": "--上报数",
    "--type": "--类型",
    "--version": "--版本",
    "--views": "--视图",
    "--within": "--临近",
    "--work": "--上班",
    "--yes": "--确认",
}


def name_in_chinese(command: Any) -> None:
    """Give options their second names, where they have none."""
    for option in command.params:
        if all(map(str.isascii, option.opts)):
            option.opts += [_CHINESE[name] for name in option.opts if name in _CHINESE]


def option_named(name: str) -> Word:
    """Return what an option is called in a sentence."""
    return Word(name, _CHINESE.get(name, name), name)


AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="leave out what happened after this day"),
]
OnePoint = Annotated[
    str | None,
    typer.Option(
        "--point", metavar="POINT", help="only this point: its code, name or part of the name"
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="the file to write [named by period]"),
]
Live = Annotated[bool, typer.Option("--live", help="use today's figures for a submitted period")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="only show what would be done")]
ExitCode = Annotated[
    bool, typer.Option("--exit-code", help="exit with 1 when something is listed")
]

Notify = Annotated[
    list[str] | None,
    typer.Option(
        "--notify",
        metavar="URL",
        help="send counts and numbers to this address, without names; needs apprise",
    ),
]


def parameter(name: str, option: object, kind: type = bool) -> inspect.Parameter:
    """Return a parameter with this option as its default: so very many are soon made."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=option, annotation=kind)


# How an answer is shown, or boxes are given: a command says by name which of these it takes.
FLAGS = {
    name: [parameter(name, typer.Option(False, f"--{name}", help=text))]
    for name, text in (
        ("json", N_("print JSON")),
        ("mail", N_("print it as a mail: station, day, what to do")),
        ("csv", N_("print csv for a spreadsheet")),
        ("reveal", N_("show names and phones in full; this is recorded")),
    )
} | {
    "from_stdin": [
        parameter(
            "from_stdin",
            typer.Option(
                False, "--from-stdin", help="read the boxes from stdin as one JSON object"
            ),
        ),
        parameter(
            "from_file",
            typer.Option(
                None,
                "--from",
                "--从文件",
                metavar="FILE",
                help="read the boxes from a file as one JSON object",
            ),
            str,
        ),
    ]
}
