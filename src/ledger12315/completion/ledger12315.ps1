# Exit code 9 of the program asks for names of files, which PowerShell offers where nothing comes back.
Register-ArgumentCompleter -Native -CommandName ledger12315 -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $env:_LEDGER12315_COMPLETE = 'complete_powershell'
    $env:_TYPER_COMPLETE_ARGS = $commandAst.ToString()
    $env:_TYPER_COMPLETE_WORD_TO_COMPLETE = $wordToComplete
    $found = @(& $commandAst.CommandElements[0].Value 2>$null)
    $files = $LASTEXITCODE -eq 9
    foreach ($name in '_LEDGER12315_COMPLETE', '_TYPER_COMPLETE_ARGS', '_TYPER_COMPLETE_WORD_TO_COMPLETE') {
        Remove-Item "Env:$name" -ErrorAction SilentlyContinue
    }
    if ($found.Count -eq 0 -and -not $files) { '' }
    foreach ($line in $found) {
        $value, $said = $line -split ':::', 2
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $said)
    }
}
