#pragma once
/// Lines for people on stderr and in run.log, with at most one progress line that rewrites itself.

#include <cstdio>
#include <string>

#include "core/base/log.hpp"

namespace dvinis::app {

/// What stderr can show.
struct Terminal {
  bool rewrites = false;  ///< a terminal: \r works
  bool colours = false;   ///< a terminal, no NO_COLOR, TERM is not dumb
  int width = 80;

  static Terminal of_stderr();
};

/// Owns stderr and the log file; a value of the composition root, handed down by reference.
class Console {
 public:
  explicit Console(Terminal terminal = Terminal::of_stderr()) : terminal_(terminal) {}
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  const Terminal& terminal() const { return terminal_; }

  /// Also writes every later line (and the ones so far) into this file. @throws IoError
  void keep_in(const std::string& path, bool append);

  /// One whole line; a progress line on the terminal is moved out of its way. Debug lines go to the file
  /// only.
  void line(LogLevel level, const std::string& text);

  /// A line for the log file only.
  void keep(LogLevel level, const std::string& text);

  /// Rewrites the progress line (terminal only).
  void progress(const std::string& text);
  /// Ends the progress line, so that it stays.
  void end_progress();

  Log log();

 private:
  Terminal terminal_;
  std::FILE* file_ = nullptr;
  std::string early_;            ///< lines before keep_in
  std::size_t shown_width_ = 0;  ///< of the progress line on the terminal now
};

}  // namespace dvinis::app
