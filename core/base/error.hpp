#pragma once
/// One family of errors for people, one check for bugs.
///
/// An `Error` is a sentence for the user: what is wrong, where, and the way out. A violated `expects`
/// is our own mistake and names the line of our code. Kernels never throw; they report numbers.

#include <source_location>
#include <stdexcept>
#include <string>

namespace dvinis {

/// Exit codes of the command; 75 asks a batch system to run `resume`.
enum class ExitCode : int {
  ok = 0,
  internal = 1,
  usage = 2,
  input = 3,
  numerical = 4,
  io = 5,
  stopped_early = 75,
};

/// A place in a text that a person wrote; line and column count from 1, 0 means unknown.
struct TextPlace {
  std::string file;
  int line = 0;
  int column = 0;

  /// "scenario.yaml:14" or "scenario.yaml", empty if no file is known.
  std::string text() const;
};

class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

/// The command line is wrong.
struct UsageError : Error {
  explicit UsageError(const std::string& sentence) : Error(ExitCode::usage, sentence) {}
};
/// The scenario text is wrong; the sentence starts with file:line and the key.
struct ScenarioError : Error {
  explicit ScenarioError(const std::string& sentence) : Error(ExitCode::input, sentence) {}
};
/// An input file is wrong; the sentence names file and place in it.
struct DataError : Error {
  explicit DataError(const std::string& sentence) : Error(ExitCode::input, sentence) {}
};
/// The computation left its valid range; the sentence names model, time, cell and value.
struct NumericalError : Error {
  explicit NumericalError(const std::string& sentence) : Error(ExitCode::numerical, sentence) {}
};
/// A file could not be written or read back.
struct IoError : Error {
  explicit IoError(const std::string& sentence) : Error(ExitCode::io, sentence) {}
};
/// We are wrong; the sentence names our source line.
struct InternalError : Error {
  explicit InternalError(const std::string& sentence) : Error(ExitCode::internal, sentence) {}
};

/// Checks a condition that only a bug of ours can violate; throws InternalError naming the caller.
void expects(bool condition, const char* what, std::source_location where = std::source_location::current());

}  // namespace dvinis
