"""The window's line where it can be edited, with Tab and Ctrl-R: loads prompt_toolkit."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, suppress
from io import StringIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition, is_searching
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.key_processor import KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout.screen import Char
from prompt_toolkit.search import accept_search
from prompt_toolkit.shortcuts import CompleteStyle

from ledger12315.cli.face.editor import leave_closed_window, terminal
from ledger12315.cli.face.help import Group
from ledger12315.cli.face.terminals import safe
from ledger12315.cli.shell.completion import FileWanted, Item, items_for
from ledger12315.cli.window.words import (
    GOES_ON,
    PASTED_QUOTES,
    open_quotation,
    pasted_within,
    quoted,
    unfinished,
)


def command_prompts(options: Sequence[str], root: Callable[[], Group]) -> PromptSession[str]:
    """Return the prompts of one window.

    What is typed is kept for Ctrl-R in memory only, since it has names in it.
    """
    keys = KeyBindings()
    keys.add("enter", filter=is_searching)(_run_found)
    keys.add("enter", filter=Condition(_has_open_quotation) & ~is_searching)(_go_on)
    keys.add(Keys.BracketedPaste)(_paste)
    Char.display_mappings |= {mark: sign for sign, mark in PASTED_QUOTES.items()}
    made: PromptSession[str] = PromptSession(
        key_bindings=keys,
        history=InMemoryHistory(),
        output=terminal(),
        completer=Commands(options, root),
        complete_style=CompleteStyle.COLUMN,
        complete_while_typing=False,
        prompt_continuation=lambda _width, _line, wraps: "" if wraps else GOES_ON,
    )
    made.app.before_render += leave_closed_window
    return made


def _run_found(event: KeyPressEvent) -> None:
    """Run the line that Ctrl-R found, as shells do, instead of only showing it."""
    accept_search()
    event.current_buffer.validate_and_handle()


def _has_open_quotation() -> bool:
    return bool(open_quotation(get_app().current_buffer.text))


def _go_on(event: KeyPressEvent) -> None:
    """Go on with the text between quotation marks on a further line."""
    event.current_buffer.insert_text("\n")


def _paste(event: KeyPressEvent) -> None:
    """Insert what a terminal marks as pasted: a text, also of several lines, that runs nothing."""
    text = event.data.replace("\r\n", "\n").replace("\r", "\n")
    before = open_quotation(event.current_buffer.document.text_before_cursor)
    event.current_buffer.insert_text(pasted_within(before, text))


class Commands(Completer):
    """Commands, options and values, from the table that serves the shells."""

    def __init__(self, options: Sequence[str], root: Callable[[], Group]) -> None:
        self._options, self._root = options, root
        self._paths = PathCompleter(expanduser=True)

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterator[Completion]:
        begun = unfinished(document.text_before_cursor)
        option, equals, value = begun.text.rpartition("=")
        joined = equals and option.startswith("-")
        before = [*self._options, *begun.words, *([option] if joined else [])]
        typed = value if joined else begun.text
        back = begun.start - len(document.text_before_cursor)
        for item in self._items(before, typed, event):
            text = quoted(item.value)
            shown = f"{option}={text}" if joined else text
            yield Completion(shown, back, safe(item.value), display_meta=safe(item.help or ""))

    def _items(self, before: list[str], typed: str, event: CompleteEvent) -> list[Item]:
        with suppress(Exception), redirect_stderr(StringIO()):  # a line is completed or not
            try:
                return items_for(self._root(), before, typed)
            except FileWanted:
                found = self._paths.get_completions(Document(typed), event)
                return [Item(typed + _with_slash(each)) for each in found]
        return []


def _with_slash(path: Completion) -> str:
    """Return what completes a path; a folder ends with a slash, so that Tab goes on in it."""
    return path.text + "/" * path.display_text.endswith("/")
