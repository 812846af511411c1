#!/usr/bin/env bash
# The runs that made the shipped weights, on one core, in some three hours and the time that `prepare` takes.
#
#     bash research/attention/recipe.sh DATA DETECTOR.onnx WORK
#
# DATA: the folder with eyetracking, designs, photos, screens and pages. DETECTOR.onnx: as for research.domains.text_maps.
# The same command continues what was stopped; WORK/NAME.done marks what is done. The weights are
# WORK/attention_net.safetensors. Steps of the runs that were stopped before their time are those of the shipped weights.
set -euo pipefail
data=$1 detector=$2 work=$3
here=$(cd "$(dirname "$0")" && pwd)
export PYTHONPATH=$here/../..${PYTHONPATH:+:$PYTHONPATH}
two=$work/two
mkdir -p "$two"

once() { # NAME COMMAND...
    local name=$1
    shift
    [ -e "$work/$name.done" ] && return
    echo "$name"
    "$@"
    touch "$work/$name.done"
}
train() { # NAME WORK OPTIONS...
    local name=$1 folder=$2
    shift 2
    python -m research.attention.train --data "$data" --work "$folder" --name "$name" --pseudo "$work/pseudo.npz" --bf16 \
        "$@" 2>&1 | tee -a "$folder/$name.log"
}

once text python -m research.domains.text_maps "$detector" "$data/screens" "$work/text.npz"
once pseudo python -m research.domains.pseudo_labels write live_net "$data/screens" "$work/text.npz" "$work/pseudo.npz"
once prepare python -m research.attention.prepare --data "$data" --work "$work"
once a-small train a "$work" --seconds 2700 --until 296
once a train a "$work" --seconds 2850 --size 304 400
more=(--size 304 400 --counts 6 5 1 3 1 --ema 0.995)
d=(--seconds 4900 --init "$work/a.safetensors" --lr 1.2e-3 --encoder-lr 3e-4 --truth 0.5 --ads-truth 0.8 --seed 91)
once d-teacher train d "$work" "${d[@]}" "${more[@]}" --until 525
once d-kept cp "$work/d.safetensors" "$work/d-525.safetensors"
once d train d "$work" "${d[@]}" "${more[@]}" --until 735
once prepare-two python -m research.attention.prepare --data "$data" --work "$two" --beside "$work" \
    --teacher "$work/d-525.safetensors" --sizes 304x400 --single
once e train e "$two" --seconds 3660 --init "$work/d.safetensors" --lr 8e-4 --encoder-lr 2.5e-4 --seed 92 "${more[@]}"
once choose python -m research.attention.choose "$two/e.safetensors" --write "$work/attention_net.safetensors" 1.05 0
echo "$work/attention_net.safetensors"
