#pragma once
/// The command line: words to options, help like a man page.

namespace dvinis::app {

/// Parses, runs the command and returns its exit code. @throws Error; UsageError for a wrong command line.
int dispatch(int count, const char* const* words);

}  // namespace dvinis::app
