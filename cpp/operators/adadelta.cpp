// Adadelta: mean squares of gradients and of updates.
#include "operators/update.h"

namespace cnnative {

namespace {

template <class T>
class Adadelta : public Update<T> {
 public:
  explicit Adadelta(const CallSpec& s) : Update<T>(s), rho_(s.number("rho")) {
    s_ = s.shared<T>("s", this->elements_), u_ = s.shared<T>("u", this->elements_);
    epsilon_ = static_cast<T>(s.number("epsilon"));
  }

  void runPiece(const Step& step, int64_t first, int64_t n) const noexcept override {
    this->kernels_.adadelta(this->w(step, first), this->at(s_, step, first), this->at(u_, step, first),
                            this->g(step, first), n, this->descent(step), this->rate(step), static_cast<T>(rho_),
                            static_cast<T>(1 - rho_), epsilon_);
  }

 private:
  double rho_;
  Operand s_, u_;
  T epsilon_;
};

}  // namespace

const OperatorFactories adadelta = CNNATIVE_FACTORIES(Adadelta);

}  // namespace cnnative
