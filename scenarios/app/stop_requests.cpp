#include "scenarios/app/stop_requests.hpp"

#include <unistd.h>
#include <csignal>

#include <array>
#include <chrono>

namespace dvinis::app {

namespace {

constexpr std::array signals = {SIGTERM, SIGUSR1, SIGINT};
const std::chrono::steady_clock::time_point program_start = std::chrono::steady_clock::now();

volatile std::sig_atomic_t asked_by = 0;

extern "C" void ask_to_stop(int signal) {
  if (signal == SIGINT && asked_by == SIGINT) _exit(128 + SIGINT);
  asked_by = signal;
}

}  // namespace

double seconds_since_program_start() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - program_start).count();
}

StopRequests::StopRequests(std::optional<double> wall_limit) : wall_limit_(wall_limit) {
  asked_by = 0;
  struct sigaction action {};
  action.sa_handler = ask_to_stop;
  action.sa_flags = SA_RESTART;
  for (const int signal : signals) sigaction(signal, &action, nullptr);
}

StopRequests::~StopRequests() {
  for (const int signal : signals) std::signal(signal, SIG_DFL);
}

bool StopRequests::requested() const {
  return asked_by != 0 || (wall_limit_ && seconds_since_program_start() >= *wall_limit_);
}

std::string StopRequests::reason() const {
  switch (asked_by) {
    case SIGTERM:
      return "SIGTERM";
    case SIGUSR1:
      return "SIGUSR1";
    case SIGINT:
      return "SIGINT";
    default:
      return requested() ? "the wall-time limit" : "";
  }
}

}  // namespace dvinis::app
