"""One memory-bound layer in PyTorch: prints a JSON line with seconds a batch, forward and backward.

usage: pytorch_layer.py '{"batch":128,"kind":"maxPooling",...}' LAYOUT SECONDS THREADS      (the fields of bench/shapes.mjs)
"""
import json
import sys
import time

import torch
from timing import WARM_UP_STEPS, median, step_seconds
from torch import nn

layer, layout, seconds, threads = json.loads(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(0)


def make(kind, shape, size=None, stride=None, units=None, **_):
    """The layer as a function of its inputs, and how many those are."""
    if kind == 'batchNormalization':
        return nn.BatchNorm2d(shape[0]), 1
    if kind == 'maxPooling':
        return nn.MaxPool2d(size, stride), 1
    if kind == 'averagePooling':
        return nn.AvgPool2d(size, stride), 1
    if kind == 'dense':
        return nn.Linear(shape[0], units, bias=False), 1
    return lambda a, b: torch.relu_(a + b), 2


def tensor(shape):
    x = torch.randn(shape)
    return x.contiguous(memory_format=torch.channels_last) if layout == 'nhwc' and x.dim() == 4 else x


function, count = make(**layer)
inputs = [tensor([layer['batch'], *layer['shape']]).requires_grad_() for _ in range(count)]
weights = list(function.parameters()) if isinstance(function, nn.Module) else []
gradient = tensor(function(*inputs).shape)
forward, backward = [], []


def step():
    start = time.perf_counter()
    y = function(*inputs)
    between = time.perf_counter()
    torch.autograd.grad(y, [*inputs, *weights], gradient)
    forward.append(between - start)
    backward.append(time.perf_counter() - between)


step_seconds(step, seconds)
print(json.dumps({name: median(times[WARM_UP_STEPS:]) for name, times in (('forward', forward), ('backward', backward))}))
