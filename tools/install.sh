#!/bin/sh
# Make .venv and install smlearn into it with the extras named, as in `install.sh lab,test`; or
# another folder: `install.sh lab,test,frameworks .venv-frameworks`. Without extras it only makes
# the folder. What is already done is not done again.
set -eu

stop() { printf '%s\n' "$*" >&2; exit 1; }
version() { "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null || true; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

extras=${1:-}
venv=${2:-.venv}
python=$venv/bin/python

# Anything that makes an old install wrong is in the key: a folder that moved, too, because
# a virtual environment holds absolute paths.
key="$(pwd) $(cksum pyproject.toml constraints.txt)"

same_python() {
    [ -z "${PYTHON:-}" ] && return
    wanted=$(version "$PYTHON")
    # Only major.minor: a patch release takes over a virtual environment.
    [ "${wanted%.*}" = "$(version "$python" | sed 's/\.[0-9]*$//')" ]
}

installed() {
    new_enough "$python" && same_python || return
    for extra in $(printf '%s' "$extras" | tr , ' '); do
        [ "$(cat "$venv/installed-$extra" 2>/dev/null)" = "$key" ] || return
    done
}

# Sets $found to the command of a Python that will do, or stops with a word of advice.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3 python3.15 python3.14 python3.13 python3.12 python3.11
    fi
    old=
    for found do
        new_enough "$found" && return
        had=$(version "$found")
        [ -z "$had" ] || old=${old:-"$found is $had"}
    done
    [ -z "$old" ] || stop "The course needs Python 3.11 or newer, but $old." \
        "Install a newer one, and if it goes by another name, say so: make lab PYTHON=python3.12"
    [ -z "${PYTHON:-}" ] || stop "PYTHON=$PYTHON is not a Python that runs;" \
        "give the name or the path of one, as in: make lab PYTHON=python3.12"
    stop "The course needs Python 3.11 or newer, and there is no python3 here. Install it:" \
        "apt install python3 python3-venv (Debian, Ubuntu), brew install python (macOS)," \
        "or from https://www.python.org/downloads/"
}

make_venv() {
    find_python
    "$found" -c 'import venv, ensurepip' 2>/dev/null ||
        stop "$found cannot make virtual environments: a part of Python called venv is missing." \
            "Install it (Debian, Ubuntu: apt install $(basename "$found")-venv) and try again."
    echo "Making $venv with $found ($(version "$found"))."
    # --clear: a half-made or foreign environment is not worth repairing.
    "$found" -m venv --clear "$venv"
}

installed && [ -n "$extras" ] && exit

# An environment that somebody made by hand is welcome, if it works.
{ new_enough "$python" && same_python && "$python" -m pip --version >/dev/null 2>&1; } || make_venv
[ -n "$extras" ] || exit 0

time="about a minute"
case $extras in *frameworks*) time="a gigabyte or more, some minutes" ;; esac
echo "Installing the course into $venv: $time the first time."
"$python" -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[$extras]" ||
    stop "The installation stopped halfway. If the network was away, run the same command again."

# Last, so that an interrupted installation is repeated.
for extra in $(printf '%s' "$extras" | tr , ' '); do
    printf '%s\n' "$key" > "$venv/installed-$extra"
done
