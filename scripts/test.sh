#!/usr/bin/env bash
# bash scripts/test.sh [PYTEST ARGUMENT ...]: installs what is missing, then runs every check and test.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

prepare dev
install_qt_libraries
for pair in Xvfb:xvfb xdotool:xdotool; do
    [ "$(uname)" != Linux ] || command -v "${pair%%:*}" >/dev/null || install_debian "${pair#*:}"
done
cd "$root"
export PATH=$venv/bin:$PATH
export QT_QPA_PLATFORM=offscreen # the end-to-end tests start an X server of their own

failed=()
check() {
    say "== $*"
    "$@" || failed+=("$1")
}

check ruff check .
check ruff format --check .
check mypy
check lint-imports --no-cache
if ! pytest "$@"; then
    say "== pytest, once more: what failed, alone. Real windows and streams share the cores with all that runs."
    check pytest --last-failed --last-failed-no-failures none "$@"
fi

[ ${#failed[@]} -eq 0 ] || { say "Failed: ${failed[*]}"; exit 1; }
