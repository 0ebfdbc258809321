@echo off
rem Look for a Python that will do, and let it run start.py, which says what it does.
cd /d "%~dp0"
py -3 --version >nul 2>&1 && (py -3 start.py %* & goto end)
python --version >nul 2>&1 && (python start.py %* & goto end)
echo The course needs Python 3.11 or newer. Install it from https://www.python.org/downloads/
:end
pause
