#pragma once
/// The only two parallel patterns: independent items, and sums whose order never depends on threads.

#include <cstddef>
#include <vector>

#include "core/grid/view.hpp"

namespace dvinis {

/// Number of threads used by `for_each_item`; the app sets it once, tests set it to compare.
void set_thread_count(int threads);
int thread_count();

/// Runs body(k) for 0 <= k < count on all threads. Items must not write what another item reads.
/// The body must not throw.
template <class Body>
void for_each_item(Index count, const Body& body) {
  const int threads = thread_count();
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) if (threads > 1 && count > 1)
  for (Index k = 0; k < count; ++k) body(k);
}

/// Exact-order sum with a running compensation (Neumaier): error of a few ulps for any length.
class Sum {
 public:
  void add(double term) {
    const double next = total_ + term;
    const bool term_is_small = (total_ < 0 ? -total_ : total_) >= (term < 0 ? -term : term);
    low_ += term_is_small ? (total_ - next) + term : (term - next) + total_;
    total_ = next;
  }
  double value() const { return total_ + low_; }

 private:
  double total_ = 0.0;
  double low_ = 0.0;
};

}  // namespace dvinis
