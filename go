#!/bin/sh
# ./go X …     runs `forestall X …`, for every X, in this tree's own environment
# ./go test …  sets up and runs the tests      ./go check  lint, types, contracts, words, house rules
# Needs Python 3.11 or newer with pip, and git. Nothing else: no root, no make, no venv module.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
uv="$here/.tools/bin/uv"
uv_version=0.13.9
export UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT="$here/.venv" UV_NO_PROGRESS=1

say() { printf '%s\n' "$*" >&2; }

# $1 is what it must be able to do besides: "pip", for an environment that somebody has open may have none.
find_python() {
    for candidate in ${FORESTALL_PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if "$candidate" -c "import sys${1:+, $1}; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    say "Forestall needs Python 3.11 or newer${1:+ with $1}, and found none. Install it, or name one: FORESTALL_PYTHON=/path/to/python3 ./go help"
    exit 1
}

# Sets up the environment: $1 is "run" or "dev". A stamp newer than the lock file means there is nothing to do.
ready() {
    if [ -f "$here/.venv/.ready-dev" ]; then set -- dev; fi
    stamp="$here/.venv/.ready-$1"
    if [ -f "$stamp" ] && [ "$stamp" -nt "$here/uv.lock" ] && [ "$stamp" -nt "$here/pyproject.toml" ]; then return; fi
    python=$(find_python)
    if [ ! -x "$uv" ] || [ "$("$uv" --version 2>/dev/null | cut -d' ' -f2)" != "$uv_version" ]; then
        python=$(find_python pip)
        say "Fetching the installer (about 20 MB, once) …"
        if ! "$python" -m pip install --quiet --disable-pip-version-check --target "$here/.tools" --upgrade "uv==$uv_version" 2>"$here/.tools.log"; then
            cat "$here/.tools.log" >&2
            say "pip could not fetch uv $uv_version. Is there a network, and has $python pip (\"$python -m pip --version\")?"
            exit 1
        fi
        rm -f "$here/.tools.log"
    fi
    if [ "$1" = dev ]; then group="--group dev"; else group=--no-dev; fi  # the other groups are asked for by name
    say "Setting up (once; well under a minute with a good connection) …"
    "$uv" sync --quiet --locked --project "$here" --python "$python" $group
    touch "$here/.venv/.ready-run" "$here/.venv/.ready-$1"
}

command=${1:-help}
case "$command" in
    test)
        shift
        ready dev
        cd "$here" && exec "$here/.venv/bin/python" -m forestall.cli.checks test "$@" ;;
    check)
        shift
        ready dev
        cd "$here" && exec "$here/.venv/bin/python" -m forestall.cli.checks check "$@" ;;
    bench)
        ready dev
        exec "$here/.venv/bin/forestall" "$@" ;;
    *)
        ready run
        if [ "$command" = help ]; then shift $(( $# > 0 )); exec "$here/.venv/bin/forestall" help "$@"; fi
        exec "$here/.venv/bin/forestall" "$@" ;;
esac
