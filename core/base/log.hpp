#pragma once
/// The log that the composition root hands down by reference; there is no global one.

#include <fmt/format.h>

#include <functional>
#include <string>

namespace dvinis {

enum class LogLevel { debug, info, warning, error };

/// Lines for people on stderr (or wherever the sink sends them).
class Log {
 public:
  using Sink = std::function<void(LogLevel, const std::string&)>;

  explicit Log(Sink sink) : sink_(std::move(sink)) {}
  /// A log that drops everything: for tests.
  static Log silent() {
    return Log([](LogLevel, const std::string&) {});
  }

  template <class... Arguments>
  void info(fmt::format_string<Arguments...> text, Arguments&&... arguments) const {
    sink_(LogLevel::info, fmt::format(text, std::forward<Arguments>(arguments)...));
  }
  template <class... Arguments>
  void warn(fmt::format_string<Arguments...> text, Arguments&&... arguments) const {
    sink_(LogLevel::warning, fmt::format(text, std::forward<Arguments>(arguments)...));
  }
  template <class... Arguments>
  void debug(fmt::format_string<Arguments...> text, Arguments&&... arguments) const {
    sink_(LogLevel::debug, fmt::format(text, std::forward<Arguments>(arguments)...));
  }

 private:
  Sink sink_;
};

}  // namespace dvinis
