#include "scenarios/app/run_monitor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace dvinis::app {

namespace {

double fraction_done(const Progress& progress) {
  return progress.end > 0 ? static_cast<double>(progress.time) / static_cast<double>(progress.end) : 1.0;
}

nlohmann::json number_or_null(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

}  // namespace

double worst_budget_error(const std::vector<BudgetLine>& budgets) {
  double worst = 0.0;
  for (const BudgetLine& line : budgets) {
    if (line.error == 0.0) continue;
    worst = std::max(worst, std::abs(line.error) / std::abs(line.throughput));
  }
  return worst;
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "unknown time";
  const auto whole = static_cast<std::int64_t>(std::llround(std::max(seconds, 0.0)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string progress_text(const Progress& progress, double seconds_left) {
  std::string text = fmt::format("{:3.0f} %  {} of {}", std::floor(100.0 * fraction_done(progress)),
                                 clock_text(progress.time), clock_text(progress.end));
  if (progress.step_seconds > 0.0) {
    text += fmt::format("  dt {:.3g} s ({})  {} wet", progress.step_seconds, progress.limiter,
                        progress.busy_cells);
  }
  text += fmt::format("  mass error {:.1e}", worst_budget_error(progress.budgets));
  if (std::isfinite(seconds_left)) text += fmt::format("  {} left", duration_text(seconds_left));
  return text;
}

std::string progress_json(const Progress& progress, double seconds_left) {
  nlohmann::ordered_json line;
  line["time"] = to_seconds(progress.time);
  line["end"] = to_seconds(progress.end);
  line["fraction"] = fraction_done(progress);
  line["dt"] = progress.step_seconds;
  line["limiter"] = progress.limiter;
  line["busy_cells"] = progress.busy_cells;
  line["mass_error"] = number_or_null(worst_budget_error(progress.budgets));
  line["wall_seconds"] = progress.wall_seconds;
  line["seconds_left"] = number_or_null(seconds_left);
  return line.dump();
}

double RunMonitor::seconds_left(const Progress& progress) const {
  const double done = to_seconds(progress.time - first_time_);
  if (done <= 0.0) return progress.time == progress.end ? 0.0 : std::numeric_limits<double>::infinity();
  return progress.wall_seconds * to_seconds(progress.end - progress.time) / done;
}

void RunMonitor::show(const Progress& progress) {
  const bool first = is_first_;
  if (first) first_time_ = progress.time;
  is_first_ = false;
  if (style_ == ProgressStyle::off) return;
  const double left = seconds_left(progress);
  if (style_ == ProgressStyle::json) {
    fmt::print("{}\n", progress_json(progress, left));
    std::fflush(stdout);
    return;
  }
  const bool last = progress.time == progress.end;
  if (console_.terminal().rewrites) {
    console_.progress(progress_text(progress, left));
    if (last) console_.end_progress();
    return;
  }
  if (!first && !last && progress.wall_seconds - last_line_seconds_ < 10.0) return;
  last_line_seconds_ = progress.wall_seconds;
  console_.line(LogLevel::info, progress_text(progress, left));
}

}  // namespace dvinis::app
