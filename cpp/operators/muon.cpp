// Muon: the momentum of a matrix, its singular values brought near 1 by Newton-Schulz steps X = a X + (b A + c A A) X
// with A = X X^T. X is held with no more rows than columns. Rows are shared out among the threads, so sums do not
// depend on them.
#include "operators/update.h"

namespace cnnative {

namespace {

constexpr int64_t kRowsOfPiece = 16;
constexpr double kLeastNorm = 1e-7;

/// v = momentum * v + g; u = v, or Nesterov's; norms[piece] of u.
template <class T>
class MuonMomentum : public GatedCall {
 public:
  explicit MuonMomentum(const CallSpec& s) : GatedCall(s), kernels_(s.kernels<T>().optimizer), gradient_(s, elements_) {
    momentum_ = static_cast<T>(s.number("momentum"));
    nesterov_ = s.integer("nesterov", 0, 1) == 1;
    u_ = s.shared<T>("u", elements_), v_ = s.shared<T>("v", elements_);
    norms_ = s.shared<T>("norms", piecesOf(elements_));
  }

  void runPiece(const Step& step, int64_t first, int64_t n) const noexcept override {
    T* u = u_.at<T>(step) + first;
    kernels_.gather(u, v_.at<T>(step) + first, gradient_.at(step) + first, n, gradient_.limit(), gradient_.factor(step),
                    momentum_, nesterov_);
    norms_.at<T>(step)[first / kPieceElements] =
        static_cast<T>(std::sqrt(kernels_.squares(u, n, std::numeric_limits<T>::infinity())));
  }

 private:
  const OptimizerKernels<T>& kernels_;
  ClippedGradient<T> gradient_;
  T momentum_;
  bool nesterov_;
  Operand u_, v_, norms_;
};

/// Work on the rows of a matrix.
class RowsCall : public TeamCall {
 public:
  explicit RowsCall(const CallSpec& s) : rows_(s.integer("rows", 1)), columns_(s.integer("columns", 1)), gate_(s) {}

  int64_t pieces(const Step& step) const noexcept final {
    return gate_.open(step) ? (rows_ + kRowsOfPiece - 1) / kRowsOfPiece : 0;
  }
  void run(const Step& step, int64_t piece, std::byte*) const noexcept final {
    const int64_t first = piece * kRowsOfPiece;
    runRows(step, first, std::min(kRowsOfPiece, rows_ - first));
  }

 protected:
  virtual void runRows(const Step& step, int64_t first, int64_t n) const noexcept = 0;
  const int64_t rows_, columns_;

 private:
  Gate gate_;
};

/// x[rows, columns] = u / |u|, where u is x or, if `transposed`, its transpose.
template <class T>
class MuonBegin : public RowsCall {
 public:
  explicit MuonBegin(const CallSpec& s) : RowsCall(s), transposed_(s.integer("transposed", 0, 1) == 1) {
    const int64_t elements = s.product({rows_, columns_});
    pieces_ = piecesOf(elements);
    x_ = s.shared<T>("x", elements), u_ = s.shared<T>("u", elements), norms_ = s.shared<T>("norms", pieces_);
  }

 protected:
  void runRows(const Step& step, int64_t first, int64_t n) const noexcept override {
    const T* norms = norms_.at<T>(step);
    double squares = 0;
    for (int64_t i = 0; i < pieces_; i++) squares += double(norms[i]) * norms[i];
    const T scale = static_cast<T>(1 / (std::sqrt(squares) + kLeastNorm));
    T* x = x_.at<T>(step) + first * columns_;
    const T* u = u_.at<T>(step) + (transposed_ ? first : first * columns_);
    const int64_t down = transposed_ ? 1 : columns_, right = transposed_ ? rows_ : 1;
    for (int64_t i = 0; i < n; i++) {
      for (int64_t j = 0; j < columns_; j++) x[i * columns_ + j] = scale * u[i * down + j * right];
    }
  }

 private:
  bool transposed_;
  int64_t pieces_;
  Operand x_, u_, norms_;
};

/// y[rows, columns] = a b^T of inner rows; a[rows, inner], b[columns, inner].
template <class T>
class OuterProduct : public RowsCall {
 public:
  explicit OuterProduct(const CallSpec& s) : RowsCall(s), kernels_(s.kernels<T>().optimizer) {
    inner_ = s.integer("inner", 1);
    y_ = s.shared<T>("y", s.product({rows_, columns_}));
    a_ = s.shared<T>("a", s.product({rows_, inner_})), b_ = s.shared<T>("b", s.product({columns_, inner_}));
  }

 protected:
  void runRows(const Step& step, int64_t first, int64_t n) const noexcept override {
    kernels_.outer(y_.at<T>(step) + first * columns_, a_.at<T>(step) + first * inner_, b_.at<T>(step), n, columns_,
                   inner_);
  }

 private:
  const OptimizerKernels<T>& kernels_;
  int64_t inner_;
  Operand y_, a_, b_;
};

/// y[rows, columns] = plain * addend + product * a b: a[rows, inner], b[inner, columns].
template <class T>
class MatrixProduct : public RowsCall {
 public:
  explicit MatrixProduct(const CallSpec& s) : RowsCall(s), kernels_(s.kernels<T>().optimizer) {
    inner_ = s.integer("inner", 1);
    plain_ = static_cast<T>(s.number("plain")), product_ = static_cast<T>(s.number("product"));
    y_ = s.shared<T>("y", s.product({rows_, columns_})), addend_ = s.shared<T>("addend", rows_ * columns_);
    a_ = s.shared<T>("a", s.product({rows_, inner_})), b_ = s.shared<T>("b", s.product({inner_, columns_}));
  }

 protected:
  void runRows(const Step& step, int64_t first, int64_t n) const noexcept override {
    const int64_t from = first * columns_;
    kernels_.product(y_.at<T>(step) + from, addend_.at<T>(step) + from, a_.at<T>(step) + first * inner_, b_.at<T>(step),
                     n, columns_, inner_, plain_, product_);
  }

 private:
  const OptimizerKernels<T>& kernels_;
  int64_t inner_;
  T plain_, product_;
  Operand y_, addend_, a_, b_;
};

/// w = keep * w - rate * scale * x, where w lies as x or, if `transposed`, as its transpose. Rows are those of w.
template <class T>
class MuonStep : public RowsCall {
 public:
  explicit MuonStep(const CallSpec& s) : RowsCall(s), kernels_(s.kernels<T>().optimizer) {
    transposed_ = s.integer("transposed", 0, 1) == 1;
    rate_ = s.integer("rate", 0, s.program().scalars - 1);
    rateFactor_ = s.number("rateFactor"), scale_ = s.number("scale"), decay_ = s.number("decay");
    const int64_t elements = s.product({rows_, columns_});
    w_ = s.shared<T>("w", elements), x_ = s.shared<T>("x", elements);
  }

 protected:
  void runRows(const Step& step, int64_t first, int64_t n) const noexcept override {
    const double rate = step.scalars[rate_] * rateFactor_;
    const T keep = static_cast<T>(1 - rate * decay_), stride = static_cast<T>(rate * scale_);
    T* w = w_.at<T>(step) + first * columns_;
    const T* x = x_.at<T>(step);
    if (!transposed_) return kernels_.step(w, x + first * columns_, n * columns_, keep, stride);
    for (int64_t i = 0; i < n; i++) {
      for (int64_t j = 0; j < columns_; j++) {
        T& weight = w[i * columns_ + j];
        weight = keep * weight - stride * x[j * rows_ + first + i];
      }
    }
  }

 private:
  const OptimizerKernels<T>& kernels_;
  bool transposed_;
  int64_t rate_;
  double rateFactor_, scale_, decay_;
  Operand w_, x_;
};

}  // namespace

const OperatorFactories muonMomentum = CNNATIVE_FACTORIES(MuonMomentum);
const OperatorFactories muonBegin = CNNATIVE_FACTORIES(MuonBegin);
const OperatorFactories outerProduct = CNNATIVE_FACTORIES(OuterProduct);
const OperatorFactories matrixProduct = CNNATIVE_FACTORIES(MatrixProduct);
const OperatorFactories muonStep = CNNATIVE_FACTORIES(MuonStep);

}  // namespace cnnative
