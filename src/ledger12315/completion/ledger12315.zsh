# Exit code 9 of the program asks for names of files.
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
_ledger12315() {
    local said
    said=$(_TYPER_COMPLETE_ARGS="${(j: :)words[1,CURRENT]}" \
        _LEDGER12315_COMPLETE=complete_zsh ${~words[1]} 2>/dev/null)
    if (( $? == 9 )); then
        _files
    elif [[ $said == _arguments* ]]; then
        setopt local_options rc_quotes  # an apostrophe comes doubled
        eval "$said"
    fi
}
compdef _ledger12315 ledger12315
