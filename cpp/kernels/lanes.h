// The batch-lanes layout: a sample tensor of shape [C, H, W] is stored for groups of 16 samples as
// [group][C][H][W][16], so that the innermost axis is the sample and every channel count, kernel size and stride
// vectorises alike.
//
// Dimension letters used by every kernel: N samples, C input channels, K output channels, H x W input, OH x OW output,
// R x S kernel taps, L lanes (always kLanes).
#pragma once

namespace cnnative {

/// Samples in a lane group; the same for every instruction set, so that one memory plan serves all.
static constexpr int kLanes = 16;

}  // namespace cnnative
