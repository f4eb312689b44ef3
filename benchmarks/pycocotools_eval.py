"""The peer of EvalBenchmark: pycocotools on the same files. Files are parsed before the clock starts."""
import contextlib
import io
import json
import sys
import time

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

folder, iou_type = sys.argv[1:3]
with contextlib.redirect_stdout(io.StringIO()):
    ground_truth = COCO(f"{folder}/gt.json")
    with open(f"{folder}/dt-{iou_type}.json") as file:
        results = json.load(file)
    start = time.perf_counter()
    evaluation = COCOeval(ground_truth, ground_truth.loadRes(results), iou_type)
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "stats": [float(value) for value in evaluation.stats]}))
