#!/usr/bin/env bash
# bash scripts/test.sh [--retry] [--all] [PYTEST ARGUMENT ...]: installs what is missing, then runs every check and test.
#
#   --retry  repeats alone what failed, on a machine that is slow or busy, and names what it repeated;
#            without it a failure fails the run
#   --all    adds the tests that need servers, a browser, a cluster, a clean environment, the site or the notebooks,
#            builds the bundle and tests it, and installs what that needs
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

retry= all=
while [ $# -gt 0 ]; do
    case $1 in
    --retry) retry=yes ;;
    --all) all=yes ;;
    *) break ;;
    esac
    shift
done

# An emulator of Azure's blobs; a newer one wants a newer Node than Debian has.
install_azurite() {
    [ ! -x "$venv/npm/node_modules/.bin/azurite-blob" ] || return 0
    say "Installing azurite"
    npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$venv/npm" azurite@3.35.0 >/dev/null 2>&1 ||
        say "npm could not install azurite; the test of Azure's store is skipped"
}

make_environment
programs=(Xvfb:xvfb xdotool:xdotool)
[ -z "$all" ] || programs+=(mosquitto:mosquitto chromium:chromium)
install_missing "${programs[@]}" & # beside pip
installing=$!
if [ -z "$all" ]; then
    prepare test --no-compile # of 13,000 modules most are never imported
else
    prepare dev
    prepare cluster-test
fi
wait "$installing"
[ -z "$all" ] || install_azurite
cd "$root"
export PATH=$venv/bin:$PATH:$venv/npm/node_modules/.bin
unset PYTHONDONTWRITEBYTECODE # hundreds of processes are started, and each would compile all that it imports
export QT_QPA_PLATFORM=offscreen # the end-to-end tests start an X server of their own

scratch=$(mktemp)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -f "$scratch"' EXIT
failed=()
check() {
    say "== $*"
    "$@" || failed+=("$1")
}

check ruff check .
check ruff format --check .
check lint-imports --no-cache
nice mypy >"$scratch" 2>&1 & # a minute of one core, beside the tests
typing=$!

# Two workers, each with whole files in their own order: by the number of tests, as is usual, files with one long test would
# be last, and one worker idle.
# `-n 0` behind the options runs everything in one process.
heavy=(-n 2 --dist loadfile --no-loadscope-reorder -m "not servers and not browser and not cluster and not clean")
[ -z "$all" ] || heavy=() # servers and clusters one after another
say "== pytest"
if ! pytest ${heavy[@]+"${heavy[@]}"} "$@"; then
    if [ -n "$retry" ]; then
        say "== Repeated, each of these failed once:"
        pytest --last-failed --last-failed-no-failures none --collect-only -q ${heavy[@]+"${heavy[@]}"} "$@" >&2 || true
        check pytest --last-failed --last-failed-no-failures none ${heavy[@]+"${heavy[@]}"} "$@"
    else
        failed+=(pytest)
    fi
fi

say "== mypy"
wait "$typing" || failed+=(mypy)
cat "$scratch"

[ -z "$all" ] || check bash scripts/bundle.sh

[ ${#failed[@]} -eq 0 ] || { say "Failed: ${failed[*]}"; exit 1; }
