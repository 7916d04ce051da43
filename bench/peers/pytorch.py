"""One benchmark network in PyTorch: prints a JSON line with images per second and peak memory.

A training step is zero_grad, forward, cross-entropy, backward and SGD with momentum on one fixed random batch.
"""
import argparse
import json

import torch
from networks import NETWORKS
from timing import median, peak_memory_bytes, step_seconds
from torch.nn import functional


def training_step(model, x, labels):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    def step():
        optimizer.zero_grad(set_to_none=True)
        functional.cross_entropy(model(x), labels).backward()
        optimizer.step()

    return step


def inference_step(model, x):
    def step():
        with torch.inference_mode():
            model(x)

    return step


parser = argparse.ArgumentParser()
parser.add_argument('--workload', choices=NETWORKS, required=True)
parser.add_argument('--phase', choices=('train', 'infer'), required=True)
parser.add_argument('--batch', type=int, required=True)
parser.add_argument('--layout', choices=('nchw', 'nhwc'), required=True)
parser.add_argument('--seconds', type=float, required=True)
parser.add_argument('--threads', type=int, required=True)
arguments = parser.parse_args()

torch.set_num_threads(arguments.threads)
torch.manual_seed(0)
build, shape = NETWORKS[arguments.workload]
layout = torch.channels_last if arguments.layout == 'nhwc' else torch.contiguous_format
model = build().to(memory_format=layout).train(arguments.phase == 'train')
x = torch.randn(arguments.batch, *shape).contiguous(memory_format=layout)
labels = torch.randint(0, 10, (arguments.batch,))
step = training_step(model, x, labels) if arguments.phase == 'train' else inference_step(model, x)
times = step_seconds(step, arguments.seconds)
print(json.dumps({'imagesPerSecond': arguments.batch / median(times), 'peakMemoryBytes': peak_memory_bytes()}))
