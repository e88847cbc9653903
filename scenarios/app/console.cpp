#include "scenarios/app/console.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "core/base/error.hpp"
#include "core/base/time.hpp"

namespace dvinis::app {

namespace {

const char* level_name(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return "debug";
    case LogLevel::info:
      return "info";
    case LogLevel::warning:
      return "warning";
    case LogLevel::error:
      return "error";
  }
  return "info";
}

}  // namespace

Terminal Terminal::of_stderr() {
  Terminal terminal;
  terminal.rewrites = isatty(STDERR_FILENO) == 1;
  const char* kind = std::getenv("TERM");
  const char* no_colour = std::getenv("NO_COLOR");
  const bool dumb = kind == nullptr || std::strcmp(kind, "dumb") == 0;
  terminal.colours = terminal.rewrites && !dumb && (no_colour == nullptr || *no_colour == '\0');
  winsize size{};
  if (terminal.rewrites && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    terminal.width = size.ws_col;
  return terminal;
}

Console::~Console() {
  end_progress();
  if (file_ != nullptr) std::fclose(file_);
}

void Console::keep_in(const std::string& path, bool append) {
  file_ = std::fopen(path.c_str(), append ? "a" : "w");
  if (file_ == nullptr) {
    throw IoError(fmt::format("cannot write the log '{}': {}", path, std::strerror(errno)));
  }
  std::fputs(early_.c_str(), file_);
  std::fflush(file_);
  early_.clear();
}

void Console::keep(LogLevel level, const std::string& text) {
  const std::string stamped =
      fmt::format("{} {:7} {}\n", utc_text(std::time(nullptr)), level_name(level), text);
  if (file_ == nullptr) {
    early_ += stamped;
    return;
  }
  std::fputs(stamped.c_str(), file_);
  std::fflush(file_);
}

void Console::line(LogLevel level, const std::string& text) {
  keep(level, text);
  if (level == LogLevel::debug) return;
  if (shown_width_ > 0) {
    fmt::print(stderr, "\r{:{}}\r", "", shown_width_);
    shown_width_ = 0;
  }
  const char* lead = level == LogLevel::warning ? "warning: " : level == LogLevel::error ? "error: " : "";
  if (terminal_.colours && *lead != '\0') {
    fmt::print(stderr, "\033[{}m{}\033[0m{}\n", level == LogLevel::error ? 31 : 33, lead, text);
  } else {
    fmt::print(stderr, "{}{}\n", lead, text);
  }
}

void Console::progress(const std::string& text) {
  if (!terminal_.rewrites) return;
  const std::size_t room = static_cast<std::size_t>(terminal_.width > 1 ? terminal_.width - 1 : 79);
  const std::string shown = text.substr(0, room);
  fmt::print(stderr, "\r{:{}}", shown, shown_width_);
  std::fflush(stderr);
  shown_width_ = shown.size();
}

void Console::end_progress() {
  if (shown_width_ > 0) std::fputc('\n', stderr);
  shown_width_ = 0;
}

Log Console::log() {
  return Log([this](LogLevel level, const std::string& text) { line(level, text); });
}

}  // namespace dvinis::app
