#pragma once
/// Shows a running simulation: one line that rewrites itself on a terminal, a line every ten seconds
/// elsewhere, or JSON lines for front ends.

#include "core/engine/ports.hpp"
#include "scenarios/app/console.hpp"
#include "scenarios/app/stop_requests.hpp"

namespace dvinis::app {

enum class ProgressStyle { automatic, json, off };

/// "42 %  0:07:00 of 0:16:40  dt 0.081 s (flood, cell 201, 88)  12345 wet  mass error 3e-16  3 min left".
std::string progress_text(const Progress& progress, double seconds_left);

/// One JSON object on one line: time, end, fraction, dt, limiter, busy_cells, mass_error, wall_seconds,
/// seconds_left.
std::string progress_json(const Progress& progress, double seconds_left);

/// Largest |budget error| / throughput.
double worst_budget_error(const std::vector<BudgetLine>& budgets);

/// "12 s", "3 min", "2 h 05 min".
std::string duration_text(double seconds);

class RunMonitor final : public Monitor {
 public:
  RunMonitor(Console& console, const StopRequests& stops, ProgressStyle style)
      : console_(console), stops_(stops), style_(style) {}

  void show(const Progress& progress) override;
  bool stop_requested() override { return stops_.requested(); }

 private:
  double seconds_left(const Progress& progress) const;

  Console& console_;
  const StopRequests& stops_;
  ProgressStyle style_;
  bool is_first_ = true;
  Microseconds first_time_ = 0;     ///< model time of the first look: not 0 after a resume
  double last_line_seconds_ = 0.0;  ///< wall time of the last line where there is no terminal
};

}  // namespace dvinis::app
