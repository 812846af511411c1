# Sourced by start.sh and test.sh: an environment in .venv with the versions of constraints.txt, and Qt's libraries.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$*" >&2; }

find_python() {
    local name
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"
            return
        fi
    done
    say "Python 3.11 or newer is needed and was not found; name one with PYTHON=/path/to/python."
    return 1
}

stamp() { cat "$root/pyproject.toml" "$root/constraints.txt" | cksum; }

make_environment() {
    local python
    ! "$venv/bin/python" -m pip --version >/dev/null 2>&1 || return 0
    python=$(find_python)
    say "Making an environment in $venv"
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" 2>/dev/null; then
        install_debian python3-venv
        "$python" -m venv --clear "$venv"
    fi
}

# prepare [EXTRA] [OPTION OF PIP ...]: quick when nothing changed since the last time.
prepare() {
    local extra=${1:-} done
    local covering=("$venv/.ready-$extra")
    case $extra in # `dev` has what `test` has
    "") covering+=("$venv/.ready-test" "$venv/.ready-dev") ;;
    test) covering+=("$venv/.ready-dev") ;;
    esac
    for done in "${covering[@]}"; do
        [ "$(cat "$done" 2>/dev/null)" = "$(stamp)" ] && return
    done
    make_environment
    say "Installing what is needed; the first time takes some minutes"
    # torch first and by its exact version: a range would take the newest build, whatever its size.
    "$venv/bin/python" -m pip install -qq "${@:2}" -c "$root/constraints.txt" torch==2.13.0
    "$venv/bin/python" -m pip install -qq "${@:2}" -c "$root/constraints.txt" -e "$root${extra:+[$extra]}"
    stamp >"$venv/.ready-$extra"
}

# install_debian PACKAGE...: with apt-get and as root; else says what is missing.
install_debian() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "Installing $*"
        apt-get update -qq >/dev/null
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    else
        say "These packages (named as in Debian) seem to be missing, and only root can install them: $*"
    fi
}

# install_missing [PROGRAM:PACKAGE ...]: Qt's libraries and these programs, those of them that are not here.
install_missing() {
    local packages
    packages=($(missing_qt_libraries) $(missing_programs "$@"))
    [ ${#packages[@]} -eq 0 ] || install_debian "${packages[@]}"
}

# Debian's names of the libraries that Qt opens, its wheel does not bring, and are not here.
missing_qt_libraries() {
    [ "$(uname)" = Linux ] || return 0
    local present pair
    present=$(PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null) || return 0
    for pair in GL.so.1:libgl1 EGL.so.1:libegl1 glib-2.0.so.0:libglib2.0-0 fontconfig.so.1:libfontconfig1 \
        dbus-1.so.3:libdbus-1-3 fribidi.so.0:libfribidi0 xkbcommon.so.0:libxkbcommon0 xkbcommon-x11.so.0:libxkbcommon-x11-0 \
        xcb-cursor.so.0:libxcb-cursor0 xcb-icccm.so.4:libxcb-icccm4 xcb-image.so.0:libxcb-image0 \
        xcb-keysyms.so.1:libxcb-keysyms1 xcb-randr.so.0:libxcb-randr0 xcb-render-util.so.0:libxcb-render-util0 \
        xcb-shape.so.0:libxcb-shape0 xcb-xinerama.so.0:libxcb-xinerama0 xcb-xkb.so.1:libxcb-xkb1; do
        case $present in
        *"lib${pair%%:*}"*) ;;
        *) echo "${pair#*:}" ;;
        esac
    done
}

# missing_programs PROGRAM:PACKAGE ...: Debian's names of those that are not here.
missing_programs() {
    local pair
    [ "$(uname)" = Linux ] || return 0
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null || echo "${pair#*:}"
    done
}
