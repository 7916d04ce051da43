"""Writes a benchmark network for other runtimes, as PyTorch computes it.

usage: export_onnx.py WORKLOAD FOLDER BATCH...

Into FOLDER: WORKLOAD-BATCH.onnx for each batch size, if any; WORKLOAD.safetensors with the weights, in the order of the network, and
with one small batch as `check.input` and what the network makes of it as `check.output`; WORKLOAD.json with the numbers of parameters
and of multiply-adds. Files have their names when they are complete; the JSON is the last to get its.
"""
import inspect
import json
import os
import struct
import sys
from contextlib import contextmanager

import torch
from networks import NETWORKS
from torch import nn

CHECK_BATCH = 20  # more than one lane group of cnnative, and not a multiple
# Newer versions have a second exporter by default, which needs more packages.
EXPORTER = {'dynamo': False} if 'dynamo' in inspect.signature(torch.onnx.export).parameters else {}


def main(workload, folder, batches):
    torch.manual_seed(0)
    build, shape = NETWORKS[workload]
    model = build()
    with torch.no_grad():
        for _ in range(5):  # gives the running statistics of batch normalisation values of their own
            model.train()(torch.randn(64, *shape))
        model.eval()
        x = torch.randn(CHECK_BATCH, *shape)
        y = model(x)
    for batch in batches:
        example = torch.randn(batch, *shape)
        with complete(os.path.join(folder, f'{workload}-{batch}.onnx')) as path:
            torch.onnx.export(model, example, path, input_names=['input'], output_names=['output'], **EXPORTER)
    weights = {name: t for name, t in model.state_dict().items() if t.dtype == torch.float32}
    with complete(os.path.join(folder, f'{workload}.safetensors')) as path:
        write_safetensors(path, {**weights, 'check.input': x, 'check.output': y})
    facts = {
        'parameters': sum(p.numel() for p in model.parameters()),
        'forwardMacs': multiply_adds(model, shape),
        'checkBatch': CHECK_BATCH,
    }
    with complete(os.path.join(folder, f'{workload}.json')) as path, open(path, 'w', encoding='utf-8') as file:
        json.dump(facts, file)


@contextmanager
def complete(path):
    """Another path to write to, which becomes this one when all is written."""
    yield f'{path}.part'
    os.replace(f'{path}.part', path)


def multiply_adds(model, shape):
    """Of one image through all convolutions and dense layers, forward."""
    total = 0

    def count(layer, _, output):
        nonlocal total
        inputs = layer.weight[0].numel()  # products in each element of the output
        total += inputs * output[0].numel()

    for layer in model.modules():
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            layer.register_forward_hook(count)
    with torch.no_grad():
        model(torch.zeros(1, *shape))
    return total


def write_safetensors(path, tensors):
    """Eight bytes with the length of a JSON header, the header, then the tensors without holes."""
    header, offset = {}, 0
    for name, t in tensors.items():
        end = offset + 4 * t.numel()
        header[name] = {'dtype': 'F32', 'shape': list(t.shape), 'data_offsets': [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text)
        for t in tensors.values():
            file.write(t.detach().contiguous().numpy().astype('<f4').tobytes())


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2], [int(batch) for batch in sys.argv[3:]])
