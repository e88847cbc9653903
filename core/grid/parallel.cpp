#include "core/grid/parallel.hpp"

#include <omp.h>

namespace dvinis {

namespace {
int threads_in_use = 0;
}

void set_thread_count(int threads) { threads_in_use = threads < 1 ? 1 : threads; }

int thread_count() { return threads_in_use > 0 ? threads_in_use : omp_get_max_threads(); }

}  // namespace dvinis
