// Lion: the sign of a moment.
#include "operators/update.h"

namespace cnnative {

namespace {

template <class T>
class Lion : public Update<T> {
 public:
  explicit Lion(const CallSpec& s) : Update<T>(s), beta1_(s.number("beta1")), beta2_(s.number("beta2")) {
    m_ = s.shared<T>("m", this->elements_);
  }

  void runPiece(const Step& step, int64_t first, int64_t n) const noexcept override {
    const LionRule<T> rule = {this->rate(step), static_cast<T>(beta1_), static_cast<T>(1 - beta1_),
                              static_cast<T>(beta2_), static_cast<T>(1 - beta2_)};
    this->kernels_.lion(this->w(step, first), this->at(m_, step, first), this->g(step, first), n, this->descent(step),
                        rule);
  }

 private:
  double beta1_, beta2_;
  Operand m_;
};

}  // namespace

const OperatorFactories lion = CNNATIVE_FACTORIES(Lion);

}  // namespace cnnative
