// Stochastic gradient descent, with or without momentum.
#include "operators/update.h"

namespace cnnative {

namespace {

template <class T>
class Sgd : public Update<T> {
 public:
  explicit Sgd(const CallSpec& s) : Update<T>(s), v_(this->state(s, "v")) {
    if (!v_.present) return;
    momentum_ = static_cast<T>(s.number("momentum"));
    nesterov_ = s.integer("nesterov", 0, 1) == 1;
  }

  void runPiece(const Step& step, int64_t first, int64_t n) const noexcept override {
    this->kernels_.sgd(this->w(step, first), this->at(v_, step, first), this->g(step, first), n, this->descent(step),
                       {this->rate(step), momentum_, nesterov_});
  }

 private:
  Operand v_;
  T momentum_ = 0;
  bool nesterov_ = false;
};

}  // namespace

const OperatorFactories sgd = CNNATIVE_FACTORIES(Sgd);

}  // namespace cnnative
