# Exit code 9 of the program asks for names of files.
_ledger12315() {
    local IFS=$'\n'
    COMPREPLY=( $(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \
        _LEDGER12315_COMPLETE=complete_bash "$1" 2>/dev/null) )
    [[ $? -eq 9 ]] && compopt -o default
    return 0
}
complete -F _ledger12315 ledger12315
