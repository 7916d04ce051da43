// One convolution in oneDNN, without a framework around it: prints a JSON line with seconds a batch for forward, data
// gradient and weight gradient. Each direction has the layout that oneDNN prefers (reorders are not counted) and the
// better of the algorithms `direct` and `auto`; version 2 has a Winograd behind `auto`.
//
// usage: onednn BATCH INPUTS OUTPUTS R S H W STRIDE PAD GROUPS SECONDS      (threads: OMP_NUM_THREADS)
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <dnnl.hpp>
#include <unordered_map>
#include <vector>

using dnnl::algorithm;
using dnnl::memory;

namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

struct Problem {
  memory::desc source, weights, destination;
  memory::dims strides, padding;
};

memory::desc anyLayout(const memory::dims& dims) {
  return memory::desc(dims, memory::data_type::f32, memory::format_tag::any);
}

Problem problemOf(const long* a) {
  const long batch = a[0], inputs = a[1], outputs = a[2], r = a[3], s = a[4], h = a[5], w = a[6];
  const long stride = a[7], pad = a[8], groups = a[9];
  const auto places = [&](long size, long kernel) { return (size + 2 * pad - kernel) / stride + 1; };
  memory::dims weights = {outputs, inputs / groups, r, s};
  if (groups > 1) weights = {groups, outputs / groups, inputs / groups, r, s};
  return {anyLayout({batch, inputs, h, w}),
          anyLayout(weights),
          anyLayout({batch, outputs, places(h, r), places(w, s)}),
          {stride, stride},
          {pad, pad}};
}

/// Version 3 makes a primitive's descriptor in one step, version 2 from a description of the operation.
template <typename Primitive, typename... Arguments>
typename Primitive::primitive_desc describe(const dnnl::engine& engine, const Arguments&... arguments) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(engine, arguments...);
#else
  return typename Primitive::primitive_desc(typename Primitive::desc(arguments...), engine);
#endif
}

template <typename Primitive>
typename Primitive::primitive_desc describeBackward(const dnnl::engine& engine, const Problem& p, algorithm how,
                                                    const dnnl::convolution_forward::primitive_desc& forward) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(engine, how, p.source, p.weights, p.destination, p.strides, p.padding,
                                            p.padding, forward);
#else
  const typename Primitive::desc desc(how, p.source, p.weights, p.destination, p.strides, p.padding, p.padding);
  return typename Primitive::primitive_desc(desc, engine, forward);
#endif
}

/// Median seconds of a primitive on operands of its own.
double measure(const dnnl::engine& engine, const dnnl::primitive& primitive,
               const std::unordered_map<int, memory::desc>& operands, double seconds) {
  std::unordered_map<int, memory> arguments;
  for (const auto& [name, desc] : operands) {
    memory tensor(desc, engine);
    float* values = static_cast<float*>(tensor.get_data_handle());
    for (size_t i = 0; i < desc.get_size() / sizeof(float); i++) values[i] = 0.01F * static_cast<float>(i % 17) - 0.08F;
    arguments.emplace(name, tensor);
  }
  dnnl::stream stream(engine);
  std::vector<double> times;
  const auto run = [&] {
    const double start = now();
    primitive.execute(stream, arguments);
    stream.wait();
    return now() - start;
  };
  run();
  for (const double end = now() + seconds; now() < end || times.size() < 3;) times.push_back(run());
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

/// Seconds of the three directions with one algorithm; of a direction it has not, infinity.
void measureAll(const dnnl::engine& engine, const Problem& p, algorithm how, double seconds, double* best) {
  const auto keep = [&](int direction, const auto& measured) {
    try {
      best[direction] = std::min(best[direction], measured());
    } catch (const dnnl::error&) {  // not implemented
    }
  };
  const auto forward = describe<dnnl::convolution_forward>(engine, dnnl::prop_kind::forward_training, how, p.source,
                                                           p.weights, p.destination, p.strides, p.padding, p.padding);
  keep(0, [&] {
    return measure(engine, dnnl::convolution_forward(forward),
                   {{DNNL_ARG_SRC, forward.src_desc()},
                    {DNNL_ARG_WEIGHTS, forward.weights_desc()},
                    {DNNL_ARG_DST, forward.dst_desc()}},
                   seconds);
  });
  keep(1, [&] {
    const auto data = describeBackward<dnnl::convolution_backward_data>(engine, p, how, forward);
    return measure(engine, dnnl::convolution_backward_data(data),
                   {{DNNL_ARG_DIFF_SRC, data.diff_src_desc()},
                    {DNNL_ARG_WEIGHTS, data.weights_desc()},
                    {DNNL_ARG_DIFF_DST, data.diff_dst_desc()}},
                   seconds);
  });
  keep(2, [&] {
    const auto weights = describeBackward<dnnl::convolution_backward_weights>(engine, p, how, forward);
    return measure(engine, dnnl::convolution_backward_weights(weights),
                   {{DNNL_ARG_SRC, weights.src_desc()},
                    {DNNL_ARG_DIFF_WEIGHTS, weights.diff_weights_desc()},
                    {DNNL_ARG_DIFF_DST, weights.diff_dst_desc()}},
                   seconds);
  });
}

}  // namespace

int main(int count, char** arguments) {
  const dnnl_version_t* const version = dnnl_version();
  if (count == 2) {  // onednn --version
    std::printf("{\"version\":\"%d.%d.%d\"}\n", version->major, version->minor, version->patch);
    return 0;
  }
  if (count != 12) {
    std::fprintf(stderr, "usage: onednn BATCH INPUTS OUTPUTS R S H W STRIDE PAD GROUPS SECONDS\n");
    return 2;
  }
  long shape[10];
  for (int i = 0; i < 10; i++) shape[i] = std::atol(arguments[i + 1]);
  const double seconds = std::atof(arguments[11]) / 6;  // three directions, two algorithms
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  const double never = 1e30;
  double best[3] = {never, never, never};
  for (const algorithm how : {algorithm::convolution_direct, algorithm::convolution_auto}) {
    try {
      measureAll(engine, problemOf(shape), how, seconds, best);
    } catch (const dnnl::error&) {  // this algorithm has not even a forward pass
    }
  }
  const char* separator = "{";
  const char* const names[] = {"forward", "data", "weights"};
  for (int i = 0; i < 3; i++) {
    if (best[i] == never) continue;
    std::printf("%s\"%s\":%.9g", separator, names[i], best[i]);
    separator = ",";
  }
  std::printf("%s}\n", separator[0] == '{' ? "{" : "");
  return 0;
}
