// RMSprop, plain or centered, with or without momentum.
#include "operators/update.h"

namespace cnnative {

namespace {

template <class T>
class Rmsprop : public Update<T> {
 public:
  explicit Rmsprop(const CallSpec& s) : Update<T>(s), rho_(s.number("rho")), a_(this->state(s, "a")) {
    s_ = s.shared<T>("s", this->elements_);
    epsilon_ = static_cast<T>(s.number("epsilon"));
    v_ = this->state(s, "v");
    if (v_.present) momentum_ = static_cast<T>(s.number("momentum"));
  }

  void runPiece(const Step& step, int64_t first, int64_t n) const noexcept override {
    this->kernels_.rmsprop(this->w(step, first), this->at(s_, step, first), this->at(a_, step, first),
                           this->at(v_, step, first), this->g(step, first), n, this->descent(step),
                           {this->rate(step), static_cast<T>(rho_), static_cast<T>(1 - rho_), epsilon_, momentum_});
  }

 private:
  double rho_;
  Operand s_, a_, v_;
  T epsilon_ = 0, momentum_ = 0;
};

}  // namespace

const OperatorFactories rmsprop = CNNATIVE_FACTORIES(Rmsprop);

}  // namespace cnnative
