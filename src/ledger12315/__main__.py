"""The program's start: `--version` is answered before anything is loaded."""

import sys


def main() -> int:
    """Run the command line and return its exit code."""
    if sys.argv[1:] == ["--version"]:
        from ledger12315.build import TOLD

        sys.stdout.write(f"{TOLD}\n")
        return 0
    import gc
    import signal

    # What is loaded stays: looking through it for garbage costs a twentieth of a command.
    gc.disable()
    from ledger12315.cli.app import run

    # Like Ctrl-C, so that what was begun is undone and no half file stays.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
