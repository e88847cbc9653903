#pragma once
/// Checks of bytes that claim to be text.

#include <cstddef>
#include <string_view>

namespace dvinis {

/// Line (from 1) of the first byte that breaks UTF-8 (RFC 3629: no overlong forms, no surrogates), 0 if none.
std::size_t first_line_not_utf8(std::string_view text);

/// True if `text` holds a control character other than tab, line feed and carriage return.
bool has_control_characters(std::string_view text);

/// Line (from 1) of the first such character, 0 if none.
std::size_t first_line_with_control_characters(std::string_view text);

}  // namespace dvinis
