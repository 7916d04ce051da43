// Adagrad. Sums of squares begin at zero in memory; where they begin in truth is an attribute.
#include "operators/update.h"

namespace cnnative {

namespace {

template <class T>
class Adagrad : public Update<T> {
 public:
  explicit Adagrad(const CallSpec& s) : Update<T>(s), s_(s.shared<T>("s", this->elements_)) {
    initial_ = static_cast<T>(s.number("initial")), epsilon_ = static_cast<T>(s.number("epsilon"));
  }

  void runPiece(const Step& step, int64_t first, int64_t n) const noexcept override {
    this->kernels_.adagrad(this->w(step, first), this->at(s_, step, first), this->g(step, first), n,
                           this->descent(step), this->rate(step), initial_, epsilon_);
  }

 private:
  Operand s_;
  T initial_, epsilon_;
};

}  // namespace

const OperatorFactories adagrad = CNNATIVE_FACTORIES(Adagrad);

}  // namespace cnnative
