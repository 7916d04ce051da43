"""airbench94, as published, in PyTorch: what another implementation of what the recipe cifar10-94 follows reaches on the same data.

usage: cifar10_94.py [--epochs N] [--seed N] [--threads N]

Reads the Python batches in $CNNATIVE_DATA/cifar-10-batches-py. Prints the accuracy of every epoch, and at the end that of six views.
"""
import argparse
import os
import pickle
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

BATCH = 1024
MOMENTUM = 0.85
LARGEST_RATE = 1.5  # of the mean loss
DECAY = 2 * 0.00067  # cnnative's l2 has no factor of 1/2
MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--epochs', type=int, default=10)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    images, labels = load([f'data_batch_{i}' for i in range(1, 6)])
    test = load(['test_batch'])
    net = network(images).to(memory_format=torch.channels_last)
    train(net, images, labels, test, options.epochs)
    print(f'six views: {accuracy(net, *test, six_views):.4f}')


def load(names):
    pixels, labels = [], []
    for name in names:
        with open(os.path.join(os.environ['CNNATIVE_DATA'], 'cifar-10-batches-py', name), 'rb') as file:
            batch = pickle.load(file, encoding='bytes')
        pixels.append(batch[b'data'])
        labels += batch[b'labels']
    images = torch.tensor(np.concatenate(pixels)).reshape(-1, 3, 32, 32).float() / 255
    mean, std = (torch.tensor(v).view(1, 3, 1, 1) for v in (MEAN, STD))
    return (images - mean) / std, torch.tensor(labels)


class Scaled(nn.Module):
    def forward(self, x):
        return x / 9


def network(images):
    return nn.Sequential(
        whitening(images), nn.GELU(),
        *block(24, 64), *block(64, 256), *block(256, 256),
        nn.MaxPool2d(3), nn.Flatten(), nn.Linear(256, 10, bias=False), Scaled(),
    )  # fmt: skip


def whitening(images):
    windows = images[:5000].unfold(2, 2, 1).unfold(3, 2, 1).permute(0, 2, 3, 1, 4, 5).reshape(-1, 12).double()
    values, vectors = torch.linalg.eigh(windows.T @ windows / len(windows))
    filters = (vectors / torch.sqrt(values + 5e-4)).T.flip(0).reshape(12, 3, 2, 2).float()
    layer = nn.Conv2d(3, 24, 2)
    layer.weight.data = torch.cat((filters, -filters))
    layer.weight.requires_grad = False
    nn.init.zeros_(layer.bias)
    return layer


def block(inputs, outputs):
    return [
        convolution(inputs, outputs), nn.MaxPool2d(2), normalisation(outputs), nn.GELU(),
        convolution(outputs, outputs), normalisation(outputs), nn.GELU(),
    ]  # fmt: skip


def convolution(inputs, outputs):
    layer = nn.Conv2d(inputs, outputs, 3, padding='same', bias=False)
    nn.init.dirac_(layer.weight.data[:inputs])
    return layer


def normalisation(channels):
    layer = nn.BatchNorm2d(channels, eps=1e-12, momentum=0.4)
    layer.weight.requires_grad = False
    return layer


def train(net, images, labels, test, epochs):
    steps = len(images) // BATCH
    total = epochs * steps
    optimizer, schedule = optimizer_of(net, total)
    slow = {name: value.clone() for name, value in net.state_dict().items()}
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.2)
    flipped = torch.rand(len(images)) < 0.5
    images = F.pad(torch.where(flipped.view(-1, 1, 1, 1), images.flip(-1), images), (2,) * 4, 'reflect')
    step, began = 0, time.time()
    for epoch in range(1, epochs + 1):
        if epoch > 1:
            images = images.flip(-1)
        net.train()
        order, right = torch.randperm(len(images)), 0
        for i in range(steps):
            chosen = order[i * BATCH : (i + 1) * BATCH]
            output = net(crops(images[chosen]).contiguous(memory_format=torch.channels_last))
            optimizer.zero_grad(set_to_none=True)
            loss_of(output, labels[chosen]).backward()
            optimizer.step()
            schedule.step()
            step += 1
            right += (output.argmax(1) == labels[chosen]).sum().item()
            if step % 5 == 0:
                look_ahead(net, slow, 1 - 0.95**5 * (step / total) ** 3)
        if epoch == epochs:
            look_ahead(net, slow, 0)
        print(
            f'epoch {epoch}: train {right / (steps * BATCH):.4f}, test {accuracy(net, *test, net):.4f}, '
            f'{time.time() - began:.0f} s',
            flush=True,
        )


def optimizer_of(net, total):
    biases, rest = [], []
    for name, parameter in net.named_parameters():
        if parameter.requires_grad:
            (biases if name.endswith('bias') and name != '0.bias' else rest).append(parameter)
    groups = [
        {'params': rest, 'lr': LARGEST_RATE, 'weight_decay': DECAY},
        {'params': biases, 'lr': 64 * LARGEST_RATE, 'weight_decay': DECAY / 64},
    ]
    peak = int(0.23 * total)

    def rate(step):
        return 0.2 + 0.8 * step / peak if step < peak else 1 - 0.93 * (step - peak) / (total - peak)

    optimizer = torch.optim.SGD(groups, lr=LARGEST_RATE, momentum=MOMENTUM, nesterov=True)
    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, rate)


def look_ahead(net, slow, share):
    for old, new in zip(slow.values(), net.state_dict().values()):
        if new.dtype == torch.float32:
            old.lerp_(new, share)
            new.copy_(old)


def crops(padded):
    down, right = torch.randint(0, 5, (2, len(padded)))
    out = padded.new_empty(len(padded), 3, 32, 32)
    for y in range(5):
        for x in range(5):
            some = (down == y) & (right == x)
            out[some] = padded[some][:, :, y : y + 32, x : x + 32]
    return out


def accuracy(net, images, labels, outputs):
    net.eval()
    view = outputs if outputs is net else lambda x: outputs(net, x)
    with torch.no_grad():
        right = sum(
            (view(images[i : i + 500]).argmax(1) == labels[i : i + 500]).sum().item()
            for i in range(0, len(images), 500)
        )
    return right / len(images)


def six_views(net, x):
    def both(image):
        return (net(image) + net(image.flip(-1))) / 2

    padded = F.pad(x, (1,) * 4, 'reflect')
    return both(x) / 2 + both(padded[:, :, 0:32, 0:32]) / 4 + both(padded[:, :, 2:34, 2:34]) / 4


if __name__ == '__main__':
    main()
