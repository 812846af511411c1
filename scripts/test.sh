#!/usr/bin/env bash
# bash scripts/test.sh [PYTEST ARGUMENT ...]: installs what is missing, then runs every check and test.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

prepare dev
install_qt_libraries
[ "$(uname)" != Linux ] || command -v Xvfb >/dev/null || install_debian xvfb
cd "$root"
export PATH=$venv/bin:$PATH

failed=()
check() {
    say "== $*"
    "$@" || failed+=("$1")
}

check ruff check .
check ruff format --check .
check mypy
check lint-imports
if command -v Xvfb >/dev/null; then
    exec 3< <(exec Xvfb -displayfd 1 -screen 0 1600x1000x24 -nolisten tcp 2>/dev/null)
    trap "kill $! 2>/dev/null || true" EXIT
    read -r -t 30 number <&3
    export DISPLAY=:$number
    unset WAYLAND_DISPLAY QT_QPA_PLATFORM
fi
check pytest "$@"

[ ${#failed[@]} -eq 0 ] || { say "Failed: ${failed[*]}"; exit 1; }
