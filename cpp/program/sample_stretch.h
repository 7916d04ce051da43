// How a team takes the lane groups of a batch through a stretch of sample calls. Everything here goes by
// perform(index of a call, number of the thread, what it does with scratch memory).
#pragma once

#include <algorithm>

#include "program/program.h"
#include "program/team.h"

namespace cnnative {

/// All calls of a stretch on one or two groups: those that do not work on pairs in turns as long as they are, so that a
/// group's data stay in the cache.
template <class Perform>
void runGroups(const Stretch& stretch, const Step& s, int64_t group, int64_t groups, int thread,
               const Perform& perform) {
  const auto& calls = stretch.samples;
  const auto call = [&](size_t i, const auto& work) { perform(stretch.first + static_cast<int64_t>(i), thread, work); };
  const auto takesPair = [&](size_t i) { return groups == 2 && calls[i]->pairs(); };
  for (size_t i = 0, end = 0; i < calls.size(); i = end) {
    end = i + 1;
    if (takesPair(i)) {
      call(i, [&](std::byte* scratch) { calls[i]->runPair(s, group, scratch); });
      continue;
    }
    while (end < calls.size() && !takesPair(end)) end++;
    for (int64_t g = group; g < group + groups; g++) {
      for (size_t j = i; j < end; j++) call(j, [&](std::byte* scratch) { calls[j]->run(s, g, scratch); });
    }
  }
}

/// Every thread takes whole blocks as long as there is one for each of them; those left over are shared, call by call.
template <class Perform>
void runSamples(const Stretch& stretch, const Step& s, const Team& team, const Perform& perform) {
  const int64_t each = s.blocks / team.threads();  // blocks of a thread
  // Where a block is a group and a call wants pairs, a thread takes two of its blocks at a time.
  const int64_t together = stretch.pairs && s.groupsPerBlock == 1 ? 2 : 1;
  const int64_t pieces = (each + together - 1) / together;
  team.each(pieces * team.threads(), [&](int64_t piece, int thread) {
    const int64_t first = piece % pieces * together, block = piece / pieces * each + first;
    const int64_t end = std::min(s.groups, (block + std::min(together, each - first)) * s.groupsPerBlock);
    for (int64_t group = block * s.groupsPerBlock, groups = 0; group < end; group += groups) {
      groups = stretch.pairs && group + 1 < end ? 2 : 1;
      runGroups(stretch, s, group, groups, thread, perform);
    }
  });
  const auto calls = static_cast<int64_t>(stretch.samples.size());
  const auto call = [&](int64_t i) { return stretch.samples[static_cast<size_t>(i)]; };
  for (int64_t group = each * team.threads() * s.groupsPerBlock; group < s.groups; group++) {
    team.eachShared(
        calls, [&](int64_t i) { return call(i)->parts(); },
        [&](int64_t i, int64_t first, int64_t last, int thread) {
          perform(stretch.first + i, thread,
                  [&](std::byte* scratch) { call(i)->runParts(s, group, first, last, scratch); });
        });
  }
}

}  // namespace cnnative
