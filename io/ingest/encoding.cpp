#include "io/ingest/encoding.hpp"

#include <fmt/format.h>
#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/base/error.hpp"

namespace dvinis {

namespace {

/// One open conversion to UTF-8.
class Converter {
 public:
  explicit Converter(const std::string& encoding) : handle_(iconv_open("UTF-8", encoding.c_str())) {}
  ~Converter() {
    if (is_open()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  bool is_open() const { return handle_ != reinterpret_cast<iconv_t>(-1); }
  iconv_t handle() const { return handle_; }

 private:
  iconv_t handle_;
};

[[noreturn]] void refuse_byte(std::string_view bytes, std::size_t place, const std::string& encoding,
                              const std::string& file) {
  const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(std::min(place, bytes.size()));
  const auto line = std::count(bytes.begin(), end, '\n') + 1;
  const unsigned byte = place < bytes.size() ? static_cast<unsigned char>(bytes[place]) : 0u;
  throw DataError(fmt::format(
      "{}:{}: byte 0x{:02x} is no character of {}; name the file's encoding, e.g. `encoding: cp1257`", file,
      line, byte, encoding));
}

}  // namespace

std::string to_utf8(std::string_view bytes, const std::string& encoding, const std::string& file) {
  const Converter converter(encoding);
  if (!converter.is_open()) {
    throw DataError(
        fmt::format("{}: encoding '{}' is not known; write one such as utf-8, cp1257, cp1252 or iso-8859-13",
                    file, encoding));
  }
  std::string text;
  char buffer[4096];
  char* from = const_cast<char*>(bytes.data());  // iconv's signature; it does not write there
  std::size_t left = bytes.size();
  bool flushed = false;
  while (!flushed) {
    char* to = buffer;
    std::size_t room = sizeof buffer;
    flushed = left == 0;
    const std::size_t result = iconv(converter.handle(), flushed ? nullptr : &from, &left, &to, &room);
    const int problem = errno;
    text.append(buffer, static_cast<std::size_t>(to - buffer));
    if (result == static_cast<std::size_t>(-1) && problem != E2BIG) {
      refuse_byte(bytes, bytes.size() - left, encoding, file);
    }
  }
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  if (text.starts_with(mark)) text.erase(0, mark.size());
  return text;
}

std::string read_file(const std::string& path) {
  std::error_code problem;
  const auto status = std::filesystem::status(path, problem);
  if (!std::filesystem::exists(status)) {
    throw DataError(fmt::format("{}: there is no such file; paths count from the scenario's folder", path));
  }
  if (!std::filesystem::is_regular_file(status)) throw DataError(fmt::format("{}: is not a file", path));
  std::ifstream file(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    throw DataError(fmt::format("{}: cannot be read ({})", path, std::strerror(errno)));
  }
  if (bytes.empty()) throw DataError(fmt::format("{}: the file is empty (0 bytes)", path));
  return bytes;
}

}  // namespace dvinis
