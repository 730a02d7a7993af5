"""The program's start: `--version` is answered before anything is loaded."""

import sys


def main() -> int:
    """Run the command line and return its exit code."""
    if sys.argv[1:] == ["--version"] and sys.stdout:
        from ledger12315.build import VERSION_LINE

        sys.stdout.write(f"{VERSION_LINE}\n")
        return 0
    import gc
    import signal

    # Loaded modules stay: collecting garbage among them takes a twentieth of a command.
    gc.disable()
    try:
        from ledger12315.cli.app import run

        # Like Ctrl-C, so that unfinished work is undone and no partial file is left.
        signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
        return run(sys.argv[1:])
    except KeyboardInterrupt:  # before a command has begun
        return 130


if __name__ == "__main__":
    sys.exit(main())
