#pragma once
/// Wishes to stop from outside: SIGTERM, SIGUSR1, SIGINT and the wall-time limit.

#include <optional>
#include <string>

namespace dvinis::app {

/// While it lives, the first SIGTERM, SIGUSR1 or SIGINT asks for a stop at the next tick; a second SIGINT
/// leaves at once with exit code 130. Before and after, signals act as usual. One at a time.
class StopRequests {
 public:
  /// @param wall_limit  seconds of wall time since the program started; none: no limit
  explicit StopRequests(std::optional<double> wall_limit);
  ~StopRequests();
  StopRequests(const StopRequests&) = delete;
  StopRequests& operator=(const StopRequests&) = delete;

  bool requested() const;
  /// "SIGTERM" or "the wall-time limit"; empty if nobody asked.
  std::string reason() const;

 private:
  std::optional<double> wall_limit_;
};

/// Wall seconds since the program started.
double seconds_since_program_start();

}  // namespace dvinis::app
