#!/usr/bin/env bash
# bash scripts/start.sh [PICTURE ...]: installs what is missing, then shows where people will look in a picture
# (a sample of ours if none is named): in a window where there is a display, else as files in out/.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

[ $# -gt 0 ] || set -- "$root/resources/samples/poster.png"
prepare

if [ "$(uname)" != Linux ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    install_missing
    code=0
    "$venv/bin/salviewer" view "$@" || code=$?
    [ $code -eq 134 ] || exit $code # 134: Qt gave up, because nobody answers at the display
    say "The display cannot be used; writing files instead."
else
    say "There is no display here; writing files instead."
fi
"$venv/bin/salviewer" predict "$@" -o "$root/out"
say "The overlays are in $root/out"
