// Adam and its kin: what corrects the bias of moments, and how far the gradient itself counts, are scalars of the step.
#include "operators/update.h"

namespace cnnative {

namespace {

template <class T>
class Adam : public Update<T> {
 public:
  explicit Adam(const CallSpec& s) : Update<T>(s), beta1_(s.number("beta1")), beta2_(s.number("beta2")) {
    m_ = s.shared<T>("m", this->elements_), v_ = s.shared<T>("v", this->elements_), x_ = this->state(s, "x");
    gradientRate_ = this->scalar(s, "gradientRate"), momentRate_ = this->scalar(s, "momentRate");
    root_ = this->scalar(s, "root");
    epsilon_ = static_cast<T>(s.number("epsilon"));
  }

  void runPiece(const Step& step, int64_t first, int64_t n) const noexcept override {
    const AdamRule<T> rule = {this->rateAt(step, gradientRate_),
                              this->rateAt(step, momentRate_),
                              static_cast<T>(beta1_),
                              static_cast<T>(1 - beta1_),
                              static_cast<T>(beta2_),
                              static_cast<T>(1 - beta2_),
                              static_cast<T>(step.scalars[root_]),
                              epsilon_};
    this->kernels_.adam(this->w(step, first), this->at(m_, step, first), this->at(v_, step, first),
                        this->at(x_, step, first), this->g(step, first), n, this->descent(step), rule);
  }

 private:
  double beta1_, beta2_;
  Operand m_, v_, x_;
  int64_t gradientRate_, momentRate_, root_;
  T epsilon_;
};

}  // namespace

const OperatorFactories adam = CNNATIVE_FACTORIES(Adam);

}  // namespace cnnative
