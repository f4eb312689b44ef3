"""The peer of the training benchmark: torchvision's maskrcnn_resnet50_fpn, with the same weights, images and objects.

usage: python3 torchvision_training.py WEIGHTS.safetensors IMAGES.raw OBJECTS.json HEIGHT WIDTH THREADS

For each line on stdin it makes one step of SGD and prints seconds, losses and the number of positive regions as one
line of JSON; without a line, it ends. Needs what torchvision_maskrcnn.py needs.
"""
import json
import sys
import time

import numpy
import torch
import torchvision

from torchvision_maskrcnn import freeze_norms, read_safetensors


def main():
    weights, images, objects, height, width, threads = *sys.argv[1:4], *map(int, sys.argv[4:7])
    torch.set_num_threads(threads)
    model = torchvision.models.detection.maskrcnn_resnet50_fpn(weights=None, weights_backbone=None, num_classes=91)
    freeze_norms(model)
    model.load_state_dict(read_safetensors(weights))
    model.train()
    for name, parameter in model.named_parameters():
        parameter.requires_grad = not name.startswith(("backbone.body.conv1.", "backbone.body.layer1."))
    positives = []
    select = model.roi_heads.select_training_samples

    def counted(*arguments):
        result = select(*arguments)
        positives.append(sum(int((labels > 0).sum()) for labels in result[2]))
        return result

    model.roi_heads.select_training_samples = counted
    pixels = torch.from_numpy(numpy.fromfile(images, numpy.uint8).reshape(-1, height, width, 3).copy())
    inputs = [image.permute(2, 0, 1).float() / 255 for image in pixels]
    targets = []
    for boxes in json.load(open(objects)):
        masks = torch.zeros(len(boxes), height, width, dtype=torch.uint8)
        for mask, (x1, y1, x2, y2) in zip(masks, boxes):
            mask[y1:y2, x1:x2] = 1
        targets.append({"boxes": torch.tensor(boxes, dtype=torch.float32), "labels": torch.ones(len(boxes), dtype=torch.int64), "masks": masks})
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=1e-4, momentum=0.9, weight_decay=1e-4)
    for line in sys.stdin:
        start = time.perf_counter()
        losses = model(inputs, [dict(target) for target in targets])
        forward = time.perf_counter()
        optimizer.zero_grad()
        sum(losses.values()).backward()
        optimizer.step()
        end = time.perf_counter()
        print(json.dumps({
            "total": end - start, "forward": forward - start, "positives": positives[-1],
            "loss": float(sum(losses.values())),
        }), flush=True)


main()
