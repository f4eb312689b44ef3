"""The peer of the model benchmark: torchvision's maskrcnn_resnet50_fpn, with the same weights on the same image.

usage: python3 torchvision_maskrcnn.py WEIGHTS.safetensors IMAGE.raw HEIGHT WIDTH THREADS

For each line on stdin it runs the model once and prints the seconds of its stages as one line of JSON; without a
line, it ends. Debian: apt-get install python3-torchvision libopenblas0-pthread (its default BLAS is four times slower).
"""
import json
import struct
import sys
import time

import numpy
import torch
import torchvision
from torchvision.ops.misc import FrozenBatchNorm2d


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    return {
        name: torch.from_numpy(numpy.frombuffer(data[slice(*entry["data_offsets"])], numpy.float32).copy()).reshape(entry["shape"])
        for name, entry in header.items()
    }


def freeze_norms(module):
    for name, child in module.named_children():
        if isinstance(child, torch.nn.BatchNorm2d):
            setattr(module, name, FrozenBatchNorm2d(child.num_features))
        else:
            freeze_norms(child)


class Stages:
    """Times the calls of functions; what they call and is timed itself is not counted twice."""

    def __init__(self):
        self.seconds = {}
        self.inner = 0.0

    def wrap(self, owner, attribute, name):
        original = getattr(owner, attribute)

        def timed(*arguments, **named):
            outer, self.inner = self.inner, 0.0
            start = time.perf_counter()
            result = original(*arguments, **named)
            total = time.perf_counter() - start
            self.seconds[name] = self.seconds.get(name, 0.0) + total - self.inner
            self.inner = outer + total
            return result

        setattr(owner, attribute, timed)


def main():
    weights, image, height, width, threads = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    torch.set_num_threads(threads)
    model = torchvision.models.detection.maskrcnn_resnet50_fpn(weights=None, weights_backbone=None, num_classes=91)
    freeze_norms(model)
    model.load_state_dict(read_safetensors(weights))
    model.eval()
    stages = Stages()
    for owner, attribute, name in [
        (model.transform, "forward", "transform"),
        (model.backbone.body, "forward", "backbone"),
        (model.backbone.fpn, "forward", "fpn"),
        (model.rpn.head, "forward", "rpn head"),
        (model.rpn, "forward", "proposals"),
        (model.roi_heads.box_roi_pool, "forward", "box RoIAlign"),
        (model.roi_heads.box_head, "forward", "box head"),
        (model.roi_heads.box_predictor, "forward", "box head"),
        (model.roi_heads, "postprocess_detections", "detections"),
        (model.roi_heads.mask_roi_pool, "forward", "mask RoIAlign"),
        (model.roi_heads.mask_head, "forward", "mask head"),
        (model.roi_heads.mask_predictor, "forward", "mask head"),
        (model.transform, "postprocess", "paste and encode"),
    ]:
        stages.wrap(owner, attribute, name)
    pixels = torch.from_numpy(numpy.fromfile(image, numpy.uint8).reshape(height, width, 3).copy())
    pixels = pixels.permute(2, 0, 1).float() / 255
    for line in sys.stdin:
        stages.seconds = {}
        stages.inner = 0.0
        start = time.perf_counter()
        with torch.no_grad():
            found = model([pixels])[0]
        total = time.perf_counter() - start
        print(json.dumps({"total": total, "detections": len(found["scores"]), "stages": stages.seconds}), flush=True)


if __name__ == "__main__":
    main()
