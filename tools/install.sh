#!/bin/sh
# Make .venv and install smlearn into it with the extras named, as in `install.sh lab,test`; or
# another folder: `install.sh lab,test,frameworks .venv-frameworks`. Without extras it only makes
# the folder. What is already done is not done again. The versions are those of constraints.txt,
# or with `oldest` as a third word the oldest that pyproject.toml allows.
set -eu

stop() { printf '%s\n' "$*" >&2; exit 1; }
version() { "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null || true; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

extras=${1:-}
venv=${2:-.venv}
versions=${3:-locked}
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

# Sets $found to the command of a Python that will do, and $old to one that will not.
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
    return 1
}

# Without a Python that will do uv can fetch one, unless a certain one was asked for.
with_uvs_python() {
    [ -z "${PYTHON:-}" ] && uv --version >/dev/null 2>&1 || return
    echo "Making $venv with a Python that uv fetches: there is none here that will do."
    uv venv --quiet --clear --seed --python '>=3.11' "$venv"
}

stop_without_python() {
    [ -z "$old" ] || stop "The course needs Python 3.11 or newer, but $old." \
        "Install a newer one, and if it goes by another name, say so: make lab PYTHON=python3.12"
    [ -z "${PYTHON:-}" ] || stop "PYTHON=$PYTHON is not a Python that runs;" \
        "give the name or the path of one, as in: make lab PYTHON=python3.12"
    stop "The course needs Python 3.11 or newer, and there is no python3 here. Install it:" \
        "apt install python3 python3-venv (Debian, Ubuntu), brew install python (macOS)," \
        "or from https://www.python.org/downloads/"
}

make_venv() {
    if ! find_python; then
        with_uvs_python && return
        stop_without_python
    fi
    "$found" -c 'import venv, ensurepip' 2>/dev/null ||
        stop "$found cannot make virtual environments: a part of Python called venv is missing." \
            "Install it (Debian, Ubuntu: apt install $(basename "$found")-venv) and try again."
    echo "Making $venv with $found ($(version "$found"))."
    # --clear: a half-made or foreign environment is not worth repairing.
    "$found" -m venv --clear "$venv"
}

# uv looks where uv's own settings say, not pip's: whoever gave pip another index, or none, means
# pip. (An index beside the usual one is no such wish; what it would bring is in the lock.)
pip_is_meant() {
    "$python" -m pip config list 2>/dev/null | grep -Eq '\.(index-url|no-index)='
}

# Sets $uv to a uv that runs: the machine's, or one in $venv, where pip brings it in seconds or
# gives up: it can install the rest by itself.
find_uv() {
    for uv in uv "$venv/bin/uv"; do
        "$uv" --version >/dev/null 2>&1 && return
    done
    echo "Fetching uv, which installs faster than pip."
    "$python" -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 15 \
        --only-binary :all: -c constraints.txt uv >/dev/null 2>&1
    "$uv" --version >/dev/null 2>&1
}

with_uv() {
    echo "Installing the course into $venv with uv: about half a minute the first time."
    "$uv" pip install --quiet --python "$python" "$@" -e ".[$extras]"
}

with_pip() {
    echo "Installing the course into $venv with pip: $1 the first time."
    "$python" -m pip install --quiet --disable-pip-version-check -c constraints.txt \
        -e ".[$extras]"
}

install_locked() {
    case ",$extras," in
        # pip may know of a small PyTorch (PIP_EXTRA_INDEX_URL, PIP_FIND_LINKS), which uv does
        # not see and would take the large one.
        *,frameworks,*) with_pip "a gigabyte or more, some minutes"; return ;;
    esac
    if ! pip_is_meant && find_uv; then
        with_uv -c constraints.txt && return
        echo "uv could not do it. Now pip tries the same."
    fi
    with_pip "one to five minutes"
}

# pip cannot choose the oldest.
install_oldest() {
    find_uv || stop "The oldest versions can be chosen by uv only, and it could not be fetched." \
        "If the network was away, run the same command again; or install uv yourself."
    with_uv --resolution lowest-direct
}

installed && [ -n "$extras" ] && exit

# An environment that somebody made by hand is welcome, if it works.
{ new_enough "$python" && same_python && "$python" -m pip --version >/dev/null 2>&1; } || make_venv
[ -n "$extras" ] || exit 0

"install_$versions" ||
    stop "The installation stopped halfway; the reason stands above. If the network is away, run" \
        "the same command again when it is back: what has arrived is kept. If it goes through a" \
        "proxy, first: export HTTPS_PROXY=http://... If there is none at all, somebody who has one" \
        "can write a folder that needs none: make offline"

# Last, so that an interrupted installation is repeated.
for extra in $(printf '%s' "$extras" | tr , ' '); do
    printf '%s\n' "$key" > "$venv/installed-$extra"
done
