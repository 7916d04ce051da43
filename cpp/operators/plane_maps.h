// Rotations, shifts and scalings of a sample, drawn and made one map of its plane.
#pragma once

#include "kernels/scalar_math.h"
#include "operators/augmentation.h"

namespace cnnative {

inline bool isPlaneMap(AugmentKind kind) {
  return kind == AugmentKind::rotation || kind == AugmentKind::shift || kind == AugmentKind::scale;
}

/// The image goes through the step after all before: places are read through the step's inverse first.
inline void precede(PlaneMap* map, const AugmentStep& step, const scalar::PhiloxWords& words) {
  if (step.kind == AugmentKind::shift) {
    const double y = between(words.word[1], -step.a, step.a), x = between(words.word[2], -step.b, step.b);
    map->x0 -= map->xx * x + map->xy * y, map->y0 -= map->yx * x + map->yy * y;
    return;
  }
  const double drawn = between(words.word[1], step.a, step.b);
  double cosine = 1 / drawn, sine = 0;
  if (step.kind == AugmentKind::rotation) scalar::turn(drawn, &cosine, &sine);
  const PlaneMap m = *map;
  map->xx = m.xx * cosine + m.xy * sine, map->xy = m.xy * cosine - m.xx * sine;
  map->yx = m.yx * cosine + m.yy * sine, map->yy = m.yy * cosine - m.yx * sine;
}

/// Makes one map of steps first..last, as they are drawn for a sample. Returns whether any of them is taken.
inline bool drawMap(PlaneMap* map, const Augmentation& augmentation, size_t first, size_t last, int32_t sample,
                    int64_t epoch, uint32_t draws) {
  bool any = false;
  for (size_t i = first; i < last; i++) {
    const AugmentStep& step = augmentation.steps()[i];
    const scalar::PhiloxWords words = augmentation.draws().block(step, sample, epoch, draws);
    if (words.upper(0) >= step.threshold) continue;
    any = true;
    precede(map, step, words);
  }
  return any;
}

}  // namespace cnnative
