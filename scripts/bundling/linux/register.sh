#!/usr/bin/env sh
# sh register.sh [--remove]: puts this folder's program into your menus and beside the pictures it opens, without root.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
bin=${XDG_BIN_HOME:-$HOME/.local/bin}

refresh() {
    command -v update-desktop-database >/dev/null && update-desktop-database -q "$data/applications" || true
    command -v update-mime-database >/dev/null && update-mime-database "$data/mime" || true
    command -v gtk-update-icon-cache >/dev/null && gtk-update-icon-cache -qtf "$data/icons/hicolor" || true
}

if [ "${1:-}" = --remove ]; then
    rm -f "$bin/salviewer" "$data/applications/salviewer.desktop" "$data/mime/packages/salviewer.xml"
    rm -f "$data"/icons/hicolor/*/apps/salviewer.png "$data/icons/hicolor/scalable/apps/salviewer.svg"
    refresh
    exit
fi
mkdir -p "$bin" "$data/applications" "$data/mime/packages" "$data/icons/hicolor/scalable/apps"
ln -sf "$here/../salviewer" "$bin/salviewer"
sed "s|^Exec=salviewer|Exec=\"$here/../salviewer\"|" "$here/salviewer.desktop" >"$data/applications/salviewer.desktop"
cp "$here/salviewer.xml" "$data/mime/packages/"
cp "$here/salviewer.svg" "$data/icons/hicolor/scalable/apps/"
for picture in "$here"/icons/*.png; do
    size=$(basename "$picture" .png)
    mkdir -p "$data/icons/hicolor/${size}x$size/apps"
    cp "$picture" "$data/icons/hicolor/${size}x$size/apps/salviewer.png"
done
refresh
echo "salviewer is in your menus, and as $bin/salviewer."
