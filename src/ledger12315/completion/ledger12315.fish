# Exit code 9 of the program asks for names of files.
function __ledger12315
    set -l program (commandline -opc)[1]
    set -l found (env _LEDGER12315_COMPLETE=complete_fish _TYPER_COMPLETE_FISH_ACTION=get-args \
        _TYPER_COMPLETE_ARGS=(commandline -cp | string collect) $program 2>/dev/null)
    if test $status -eq 9
        __fish_complete_path (commandline -ct)
    else if set -q found[1]
        printf '%s\n' $found
    end
end
complete --command ledger12315 --no-files --arguments '(__ledger12315)'
