"""The table of commands, and the only place where an error becomes a message and an exit code."""

import gc
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand

from ledger12315.cli.face.help import Command, Group, usage_error
from ledger12315.cli.face.safety import safe
from ledger12315.errors import LedgerError, Message, Unusable, message, reason
from ledger12315.locale import render


class Row(NamedTuple):
    """One command: its name, its Chinese second name, the function that does it (`module:function`), its help line."""

    name: str
    zh: str
    target: str
    help: str


COMMANDS = (
    Row("init", "建账", "init:init", "Make the ledger of a station."),
    Row("register", "设点", "register:register", "Register a service point."),
    Row("log", "受理", "log:log", "Log a complaint; prints its number and due date."),
    Row("close", "办结", "close:close", "Close a complaint with its outcome."),
    Row("overdue", "超期", "overdue:overdue", "List open complaints past their due date."),
    Row("today", "待办", "today:today", "All that is owed: due, late, promised, visits, returns."),
    Row(
        "rollup",
        "汇总",
        "rollup:rollup",
        "Figures of Attachment 3 or 6, the cases behind them, assessment, analysis.",
    ),
    Row("export", "导出", "export:export", "Write a form as a printable workbook."),
    Row("explain", "说明", "explain:explain", "Why a due date is what it is, day by day."),
    Row("demo", "演示", "demo:demo", "A made-up station with a realistic quarter."),
    Row("point list", "列表", "point:list_points", "List service points."),
    Row("point show", "查看", "point:show_point", "Show one service point."),
    Row(
        "point amend",
        "变更",
        "point:amend_point",
        "Change boxes of a point from a day on; an empty text empties one.",
    ),
    Row(
        "point inspect",
        "检查",
        "point:inspect_point",
        "Record what an inspection found of the set-up conditions.",
    ),
    Row(
        "point retire",
        "撤销",
        "point:retire_point",
        "Retire a point from a day on; its past figures stay.",
    ),
    Row("complaint list", "列表", "complaint:list_complaints", "List complaints."),
    Row(
        "complaint show",
        "查看",
        "complaint:show_complaint",
        "Show one complaint with all its boxes and its timeline.",
    ),
    Row(
        "complaint amend",
        "更正",
        "complaint_acts:amend_complaint",
        "Correct or fill boxes; an empty text empties one.",
    ),
    Row(
        "complaint escalate",
        "报请",
        "complaint_acts:escalate_complaint",
        "Hand a complaint to the station.",
    ),
    Row(
        "complaint reopen",
        "重开",
        "complaint_acts:reopen_complaint",
        "Take back a wrong closing or escalation.",
    ),
    Row(
        "complaint void", "作废", "complaint_acts:void_complaint", "Void an entry made by mistake."
    ),
    Row(
        "complaint import",
        "导入",
        "complaint_import:import_complaints",
        "Take in a register from a spreadsheet.",
    ),
    Row(
        "complaint erase",
        "清除",
        "complaint_acts:erase_complaints",
        "List what is past its retention; erase what is named.",
    ),
    Row(
        "record inquiry", "咨询", "record:record_inquiry", "Record inquiries that a point answered."
    ),
    Row(
        "record lead", "案件线索", "record:record_lead", "Record a lead for an enforcement agency."
    ),
    Row("record major", "重大事项", "record:record_major", "Record a major matter."),
    Row("record visit", "走访", "record:record_visit", "Record a visit to a point."),
    Row("record meeting", "会议", "record:record_meeting", "Record a meeting."),
    Row("record training", "培训", "record:record_training", "Record a training of liaisons."),
    Row("record publicity", "宣传", "record:record_publicity", "Record publicity work."),
    Row(
        "record notice", "抄告", "record:record_notice", "Record an advisory notice to an operator."
    ),
    Row(
        "record interview",
        "约谈",
        "record:record_interview",
        "Record an interview with an operator.",
    ),
    Row(
        "record list",
        "列表",
        "record:list_records",
        "List records; an informant is never among them.",
    ),
    Row(
        "record amend",
        "更正",
        "record:amend_record",
        "Correct or fill boxes of a record; an empty text empties one.",
    ),
    Row("record void", "作废", "record:void_record", "Void a record made by mistake."),
    Row(
        "record informant",
        "举报人",
        "record:show_informant",
        "Show who gave a lead; this is recorded.",
    ),
    Row("returns status", "状态", "returns:show_status", "Who owes which return, and by when."),
    Row("returns receive", "收表", "returns:receive_return", "Take in a point's return."),
    Row(
        "returns submit",
        "上报",
        "returns:submit_return",
        "Freeze a period's figures and forms as what is submitted.",
    ),
    Row(
        "returns withdraw",
        "撤回",
        "returns:withdraw_return",
        "Take back a return that the county sent back.",
    ),
    Row(
        "returns corrections",
        "更正",
        "returns:list_corrections",
        "What has changed since a return was submitted.",
    ),
    Row(
        "county consolidate",
        "汇总",
        "county:consolidate",
        "Add stations' Attachment 6 into the county's.",
    ),
    Row(
        "template check",
        "检查",
        "template:check_template",
        "Say whether a mapping fits a bureau's own workbook.",
    ),
    Row("settings list", "列表", "settings:list_settings", "List the settings."),
    Row("settings set", "设置", "settings:set_setting", "Change a setting."),
    Row("ledger check", "检查", "ledger:check_ledger", "Check file, schema, figures and history."),
    Row("ledger backup", "备份", "ledger:back_up_ledger", "Write a checked copy of the ledger."),
    Row(
        "ledger restore",
        "恢复",
        "ledger:restore_ledger",
        "Put a checked backup in the ledger's place.",
    ),
    Row("ledger history", "历史", "ledger:show_history", "What was changed, when and by whom."),
    Row("ledger info", "概况", "ledger:show_info", "Whose ledger it is, and how much is in it."),
    Row(
        "calendar show",
        "查看",
        "calendar:show_calendar",
        "Show a year's days off and make-up working days.",
    ),
    Row(
        "calendar load",
        "载入",
        "calendar:load_calendar",
        "Take a year's notice of holidays: holiday-cn JSON, or the notice's own text.",
    ),
    Row(
        "calendar day",
        "定日",
        "calendar:set_calendar_day",
        "Say that a day is worked or off, for the station alone.",
    ),
)
# A group's target is what it does without a command; the others show their help.
GROUPS = (
    Row("point", "服务点", "", "Service points."),
    Row("complaint", "投诉", "", "Complaints."),
    Row("record", "登记", "", "Records beside complaints."),
    Row("returns", "报表", "", "Periodic returns of the points and the station."),
    Row("county", "县局", "", "What the county desk does with stations' returns."),
    Row("template", "样表", "", "A bureau's own workbook."),
    Row("settings", "设置", "list", "Settings of the ledger; alone, lists them."),
    Row("ledger", "台账", "", "The ledger itself."),
    Row("calendar", "日历", "", "Working days."),
)


class Deferred(TyperCommand):
    """A command that imports its module only when it is called: the others cost nothing."""

    def __init__(self, row: Row) -> None:
        super().__init__(row.name.split()[-1], help=row.help)
        self.row = row

    def load(self) -> TyperCommand:
        """The real command, built by Typer from its function."""
        module, name = self.row.target.split(":")
        function = getattr(import_module(f"ledger12315.cli.{module}"), name)
        gc.freeze()
        gc.enable()
        app = typer.Typer(
            add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
        )
        app.command(self.name, cls=Command)(function)
        return typer.main.get_command(app)  # type: ignore[return-value]

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """Hand on to the real command."""
        command = self.load()
        try:
            return command.make_context(info_name, args, parent, **extra)
        except typer.TyperException as error:
            if getattr(error, "ctx", None) is None:
                error.ctx = typer.Context(command, info_name=info_name, parent=parent)  # type: ignore[attr-defined]
            raise


def _start(
    ctx: typer.Context,
    db: Annotated[
        str | None,
        typer.Option(
            "--db",
            metavar="PATH",
            help="the ledger's file [LEDGER12315_DB, else the user's data folder]",
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="show the version")] = False,
) -> None:
    ctx.obj = db
    if version:
        from ledger12315 import __version__

        typer.echo(f"ledger12315 {__version__}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


def program() -> Group:
    """The whole command line; nothing but the table is loaded."""
    app = typer.Typer(
        cls=Group,
        help="A station's ledger of its 12315 consumer-rights service points.",
        callback=_start,
        invoke_without_command=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    root = typer.main.get_group(app)
    assert isinstance(root, Group)  # noqa: S101 the class was given above
    root.name = "ledger12315"
    for row in COMMANDS:
        if " " not in row.name:
            root.add(Deferred(row), row.zh)
    for row in GROUPS:
        group = Group(name=row.name, help=row.help, default=row.target, rich_markup_mode=None)
        for each in COMMANDS:
            if each.name.startswith(f"{row.name} "):
                group.add(Deferred(each), each.zh)
        root.add(group, row.zh)
    return root


def run(arguments: list[str]) -> int:
    """Run one command line and give its exit code; every error ends here, as one message on stderr."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started the program
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 as long as the program runs
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                errors="replace"
            )  # a console of code page 936 cannot show every character
    try:
        code = _run(arguments)
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        _give_up_stdout()
        return 0
    except OSError as error:
        _give_up_stdout()
        _say(
            message(
                "Output cannot be written: {reason}. What the command did is kept.",
                reason=reason(error),
            )
        )
        return Unusable.exit_code
    return code


def _run(arguments: list[str]) -> int:
    root, context = program(), None
    try:
        with root.make_context("ledger12315", arguments) as context:
            root.invoke(context)
    except typer.Exit as leave:
        return leave.exit_code
    except (KeyboardInterrupt, typer.Abort):
        if sys.stderr.isatty():
            print(file=sys.stderr)  # leave the line of the question
        _say(message("interrupted."))
        return 130
    except typer.TyperException as error:
        return _report(usage_error(error))
    except LedgerError as error:
        return _report(error)
    except OSError:
        raise
    except Exception as error:
        from ledger12315.cli.face.crash import explanation

        return _report(explanation(error, context))
    return 0


def _report(error: LedgerError) -> int:
    _say(error.message, *error.notes)
    return error.exit_code


def _say(sentence: Message, *notes: Message) -> None:
    """One error on stderr: the sentence, and its notes below it."""
    print(safe(render(message("Error: {sentence}", sentence=sentence))), file=sys.stderr)
    for note in notes:
        print(f"  {safe(render(note))}", file=sys.stderr)


def _give_up_stdout() -> None:
    """Nothing more can be printed: keep Python's own last flush from failing too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
