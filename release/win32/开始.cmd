@echo off
rem Open today's list with a prompt for every command, in the folder of the user.
set "PATH=%~dp0;%PATH%"
cd /d "%USERPROFILE%"
ledger12315
if errorlevel 1 pause
