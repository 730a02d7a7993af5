@echo off
rem Open a window in which ledger12315 is known, in the folder of the user.
set "PATH=%~dp0;%PATH%"
cd /d "%USERPROFILE%"
cmd /k ledger12315 --help
