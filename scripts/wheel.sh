#!/usr/bin/env bash
# bash scripts/wheel.sh: builds sdist and wheel into dist/, sees that the sdist builds the same wheel and that an index
# would take both, then installs the wheel into an empty environment and predicts a picture with it there.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/environment.sh"

if [ -n "${SALVIEWER_PYTHON:-}" ]; then # an environment that is made already
    python=$SALVIEWER_PYTHON
else
    prepare dev
    python=$venv/bin/python
fi
cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say "== building"
rm -f dist/salviewer-*.whl dist/salviewer-*.tar.gz
"$python" -m hatchling build -t sdist -t wheel -d dist
wheel=$(echo dist/salviewer-*.whl) sdist=$(echo dist/salviewer-*.tar.gz)
"$python" -m twine check --strict "$wheel" "$sdist"
tar -xzf "$sdist" -C "$work"
(cd "$work"/salviewer-* && "$python" -m hatchling build -t wheel -d "$work/again")
"$python" - "$wheel" "$work"/again/*.whl <<'PYTHON'
import sys, zipfile
first, second = ({i.filename: i.CRC for i in zipfile.ZipFile(name).infolist()} for name in sys.argv[1:])
assert first == second, sorted(set(first.items()) ^ set(second.items()))
print(f"the sdist builds the same wheel: {len(first)} files")
PYTHON

say "== installing it into an empty environment"
"$python" -m venv "$work/venv"
for bin in "$work/venv/bin" "$work/venv/Scripts"; do [ -d "$bin" ] && break; done
# torch first and by its exact version: see environment.sh.
"$bin/python" -m pip install -qq -c constraints.txt torch==2.13.0
"$bin/python" -m pip install -qq -c constraints.txt "$wheel"
cp resources/samples/poster.png "$work"
cd "$work"
HOME=$work "$bin/salviewer" doctor
HOME=$work "$bin/salviewer" predict poster.png -o out
[ -s out/poster.png ]
say "== $wheel: $(du -m "$root/$wheel" | cut -f1) MB"
