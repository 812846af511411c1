#!/usr/bin/env bash
# bash scripts/bundle.sh [full|viewer]: installs what is missing, builds the program as one folder with its notices,
# tests that folder in a clean environment, and packs it into dist/ with its sizes and hashes. `viewer` has no torch.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

export SALVIEWER_BUNDLE=${1:-full}
if [ -n "${SALVIEWER_PYTHON:-}" ]; then # an environment that is made already
    python=$SALVIEWER_PYTHON
else
    prepare dev
    python=$venv/bin/python
    [ -x "$python" ] || python=$venv/Scripts/python.exe
    install_missing Xvfb:xvfb xdotool:xdotool zstd:zstd cc:gcc strip:binutils
fi
cd "$root"
system=$(uname -s | tr '[:upper:]' '[:lower:]')
case $system in mingw* | msys* | cygwin*) system=windows ;; darwin) system=macos ;; esac
version=$("$python" -c 'import salviewer; print(salviewer.__version__)')
name=salviewer-$version-$system-$(uname -m)
[ "$SALVIEWER_BUNDLE" = full ] || name=$name-$SALVIEWER_BUNDLE

say "== building $name"
rm -rf dist/salviewer dist/salviewer.app
"$python" -m PyInstaller --noconfirm --log-level WARN --distpath dist --workpath build build.spec
cp build/build/THIRD-PARTY.txt LICENSE dist/salviewer/
if [ "$system" = linux ]; then
    mkdir -p dist/salviewer/desktop/icons
    cp scripts/bundling/linux/* resources/icons/salviewer.svg dist/salviewer/desktop/
    for size in 16 24 32 48 64 128 256 512; do cp "build/build/icons/$size.png" dist/salviewer/desktop/icons/; done
fi

say "== testing it"
SALVIEWER_BUNDLE_FOLDER=$root/dist/salviewer "$python" -m pytest tests/bundle -q -p no:cacheprovider

say "== packing it"
case $system in
linux) archive=dist/$name.tar.zst && tar -C dist -cf - salviewer | zstd -q -f -T0 -15 -o "$archive" ;;
macos) archive=dist/$name.zip && rm -f "$archive" && ditto -c -k --keepParent dist/salviewer.app "$archive" ;;
windows) archive=dist/$name.zip && (cd dist && "$python" -m zipfile -c "$name.zip" salviewer) ;;
esac
"$python" -m scripts.bundling.sizes dist/salviewer "$archive" | tee "dist/$name.sizes.txt"
(cd dist && if command -v sha256sum >/dev/null; then sha256sum "${archive#dist/}"; else shasum -a 256 "${archive#dist/}"; fi) |
    tee "dist/$name.sha256"
