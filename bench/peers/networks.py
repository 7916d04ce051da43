"""The benchmark networks as a user of PyTorch writes them. Ours are in lib/bench/workloads; bench/own/check.mjs compares."""
from torch import nn


def convolution(inputs, outputs, kernel, stride=1, groups=1):
    """A convolution without bias and a batch normalisation."""
    padding = (kernel - 1) // 2
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False), nn.BatchNorm2d(outputs)
    )


def activated(*args, **options):
    return nn.Sequential(convolution(*args, **options), nn.ReLU(inplace=True))


def head(width):
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 10))


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(16 * 5 * 5, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def twoconv():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(), nn.Flatten(), nn.Linear(32 * 24 * 24, 10)
    )


def oneconv():
    return nn.Sequential(nn.Conv2d(1, 8, 3), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * 13 * 13, 10))


def padded5x5():
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, padding=2), nn.ReLU(), nn.Conv2d(16, 32, 5, padding=2), nn.ReLU(),
        nn.Flatten(), nn.Linear(32 * 28 * 28, 100), nn.ReLU(), nn.Linear(100, 10),
    )  # fmt: skip


def cifarquick():
    return nn.Sequential(
        nn.Conv2d(3, 32, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2, stride=1),
        nn.Flatten(), nn.Linear(64 * 11 * 11, 64), nn.ReLU(), nn.Linear(64, 10),
    )  # fmt: skip


class Residual(nn.Module):
    """Two 3x3 convolutions beside a shortcut, which is a 1x1 convolution where the shape changes."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(activated(inputs, outputs, 3, stride), convolution(outputs, outputs, 3))
        self.shortcut = nn.Identity() if stride == 1 else convolution(inputs, outputs, 1, stride)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.relu(self.body(x) + self.shortcut(x))


def resnet20():
    widths = [16] * 4 + [32] * 3 + [64] * 3
    blocks = [Residual(a, b, 1 if a == b else 2) for a, b in zip(widths, widths[1:])]
    return nn.Sequential(activated(3, 16, 3), *blocks, head(64))


def vggbn():
    stages = [
        nn.Sequential(activated(inputs, outputs, 3), activated(outputs, outputs, 3), nn.MaxPool2d(2))
        for inputs, outputs in [(3, 64), (64, 128), (128, 256)]
    ]
    return nn.Sequential(*stages, head(256))


def separable():
    blocks = [
        nn.Sequential(activated(inputs, inputs, 3, stride, groups=inputs), activated(inputs, outputs, 1))
        for inputs, outputs, stride in [(32, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1)]
    ]
    return nn.Sequential(activated(3, 32, 3), *blocks, head(256))


GREY28, GREY32, COLOUR32 = (1, 28, 28), (1, 32, 32), (3, 32, 32)

# Network and shape of its input, by name.
NETWORKS = {
    'lenet5': (lenet5, GREY32),
    'twoconv': (twoconv, GREY28),
    'oneconv': (oneconv, GREY28),
    'padded5x5': (padded5x5, GREY28),
    'cifarquick': (cifarquick, COLOUR32),
    'resnet20': (resnet20, COLOUR32),
    'vggbn': (vggbn, COLOUR32),
    'separable': (separable, COLOUR32),
}
