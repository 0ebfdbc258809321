#!/bin/sh
# Look for a Python that will do, and let it run start.py, which says what it does.
set -eu
cd "$(dirname "$0")"
for found in ${PYTHON:-python3 python3.15 python3.14 python3.13 python3.12 python3.11}; do
    if "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$found" start.py "$@"
    fi
done
echo "The course needs Python 3.11 or newer, and none was found. Install one from" \
    "https://www.python.org/downloads/; if it goes by a name of its own: PYTHON=name sh start.sh" >&2
exit 1
