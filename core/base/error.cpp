#include "core/base/error.hpp"

#include <fmt/format.h>

namespace dvinis {

std::string TextPlace::text() const {
  if (file.empty()) return {};
  return line > 0 ? fmt::format("{}:{}", file, line) : file;
}

void expects(bool condition, const char* what, std::source_location where) {
  if (condition) return;
  throw InternalError(fmt::format("bug: expected {} ({}:{}, {}); please report it with the scenario", what,
                                  where.file_name(), where.line(), where.function_name()));
}

}  // namespace dvinis
