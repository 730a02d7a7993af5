@echo off
rem Register the task of the morning for the program in this folder, and run it once.
rem After an update do it again, in the new folder.
setlocal
set "HERE=%~dp0"
set "TASK=%TEMP%\12315.xml"
powershell -NoProfile -Command "$here = [Security.SecurityElement]::Escape($env:HERE); (Get-Content -Raw -Encoding UTF8 -LiteralPath ($env:HERE + '12315.xml')).Replace('D:\ledger12315\', $here) | Set-Content -Encoding Unicode -LiteralPath $env:TASK"
schtasks /create /f /tn 12315 /xml "%TASK%" && schtasks /run /tn 12315
pause
