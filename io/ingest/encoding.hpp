#pragma once
/// Bytes of a text file in a declared encoding to UTF-8.

#include <string>
#include <string_view>

namespace dvinis {

/// `bytes` as UTF-8, a byte order mark dropped.
///
/// @param encoding  "utf-8", "cp1257", or any other name that iconv knows
/// @param file      for messages
/// @throws DataError naming the line and byte that is no character of the encoding, or an unknown encoding.
std::string to_utf8(std::string_view bytes, const std::string& encoding, const std::string& file);

/// Whole content of a file. @throws DataError for one that is missing, empty or no regular file.
std::string read_file(const std::string& path);

}  // namespace dvinis
