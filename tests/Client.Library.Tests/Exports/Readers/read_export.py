#!/usr/bin/python3
"""Reads an export as a user's program would, with Debian's numpy, Pillow and PyYAML and nothing of maskrcnn.

    read_export.py coco|yolo|panoptic|png-masks FOLDER [SIZES.json]

Prints what it found in a form that the test compares with the pixels that it began with. A mask is its image's rows as
text, '#' for the object.
"""
import json
import os
import sys

import numpy as np
import yaml
from PIL import Image


def rle_decode(counts, height, width):
    """COCO's compressed RLE, by its definition: runs down the columns, background first."""
    runs, i = [], 0
    while i < len(counts):
        value, shift, more = 0, 0, True
        while more:
            c = ord(counts[i]) - 48
            value |= (c & 0x1F) << shift
            more = bool(c & 0x20)
            i += 1
            shift += 5
            if not more and c & 0x10:
                value |= -1 << shift
        if len(runs) > 2:
            value += runs[-2]
        runs.append(value)
    flat = np.concatenate([np.full(n, k % 2, np.uint8) for k, n in enumerate(runs)])
    assert flat.size == height * width, (flat.size, height, width)
    return flat.reshape((width, height)).T


def polygon(points, height, width):
    """Pixels whose centres lie in a polygon: even-odd, ray to the right."""
    y, x = np.mgrid[0:height, 0:width] + 0.5
    inside = np.zeros((height, width), bool)
    for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0)):
        if abs(y0 - y1) < 1e-6:
            continue
        crosses = (y0 <= y) != (y1 <= y)
        inside ^= crosses & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    return inside


def text(mask):
    return ["".join("#" if pixel else "." for pixel in row) for row in mask]


def coco(folder, _):
    data = json.load(open(os.path.join(folder, "instances.json"), encoding="utf-8"))
    names = {category["id"]: category["name"] for category in data["categories"]}
    assert len({a["id"] for a in data["annotations"]}) == len(data["annotations"])
    images = {}
    for image in data["images"]:
        assert image["id"] not in images
        images[image["id"]] = {"id": image["id"], "image": image["file_name"], "size": [image["height"], image["width"]], "instances": []}
    for annotation in data["annotations"]:
        image, segmentation = images[annotation["image_id"]], annotation["segmentation"]
        assert segmentation["size"] == image["size"] and annotation["iscrowd"] == 0
        mask = rle_decode(segmentation["counts"], *image["size"])
        assert int(mask.sum()) == annotation["area"]
        image["instances"].append({"category": names[annotation["category_id"]], "score": annotation["score"], "bbox": annotation["bbox"], "mask": text(mask)})
    return list(images.values())


def yolo(folder, sizes):
    data = yaml.safe_load(open(os.path.join(folder, "data.yaml"), encoding="utf-8"))
    names = data["names"]
    assert list(names) == list(range(len(names)))
    images = []
    for stem, (height, width) in sizes.items():
        instances = []
        for line in open(os.path.join(folder, "labels", stem + ".txt"), encoding="utf-8").read().splitlines():
            number, *values = line.split(" ")
            values = np.array([float(v) for v in values])
            assert ((values >= 0) & (values <= 1)).all()
            if len(values) == 4:
                instances.append({"category": names[int(number)], "box": [round(float(v), 6) for v in values * [width, height, width, height]]})
            else:
                instances.append({"category": names[int(number)], "mask": text(polygon(values.reshape(-1, 2) * [width, height], height, width))})
        images.append({"image": stem, "instances": instances})
    return images


def panoptic(folder, _):
    data = json.load(open(os.path.join(folder, "panoptic.json"), encoding="utf-8"))
    names = {category["id"]: category["name"] for category in data["categories"]}
    assert all(category["isthing"] == 1 for category in data["categories"])
    known = {image["id"]: image for image in data["images"]}
    images = []
    for annotation in data["annotations"]:
        image = known.pop(annotation["image_id"])
        png = Image.open(os.path.join(folder, "panoptic", annotation["file_name"]))
        assert png.mode == "RGB" and png.size == (image["width"], image["height"])
        colors = np.asarray(png).astype(np.uint32)
        ids = colors[..., 0] + 256 * colors[..., 1] + 65536 * colors[..., 2]
        segments = annotation["segments_info"]
        assert sorted(s["id"] for s in segments) == [int(i) for i in np.unique(ids) if i]
        instances = []
        for segment in segments:
            mask = ids == segment["id"]
            rows, columns = np.nonzero(mask)
            box = [columns.min(), rows.min(), columns.max() - columns.min() + 1, rows.max() - rows.min() + 1]
            assert segment["area"] == mask.sum() and segment["bbox"] == [int(b) for b in box]
            instances.append({"number": segment["id"], "category": names[segment["category_id"]], "mask": text(mask)})
        images.append({"image": image["file_name"], "instances": instances})
    assert not known
    return images


def png_masks(folder, _):
    images = []
    for line in open(os.path.join(folder, "instances.jsonl"), encoding="utf-8"):
        image = json.loads(line)
        png = Image.open(os.path.join(folder, image["file"]))
        assert png.size == (image["width"], image["height"]) and png.mode in ("L", "I", "I;16")
        labels = np.asarray(png).astype(np.uint32)
        assert set(np.unique(labels)) <= {0} | {i["number"] for i in image["instances"]}
        images.append({
            "image": image["image"], "deep": png.mode != "L",
            "instances": [{"number": i["number"], "category": i["category"], "mask": text(labels == i["number"])} for i in image["instances"]]})
    return images


reader = {"coco": coco, "yolo": yolo, "panoptic": panoptic, "png-masks": png_masks}[sys.argv[1]]
json.dump(reader(sys.argv[2], json.load(open(sys.argv[3])) if len(sys.argv) > 3 else None), sys.stdout)
