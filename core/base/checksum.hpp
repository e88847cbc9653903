#pragma once
/// SHA-256 of bytes, for provenance and for the proof that two runs are the same.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace dvinis {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(const void* bytes, std::size_t count);
  void add(std::string_view text) { add(text.data(), text.size()); }

  /// 64 hexadecimal digits; the object is spent afterwards.
  std::string hex();

 private:
  struct Digest;
  std::unique_ptr<Digest> digest_;
};

/// Checksum of a file's bytes. @throws IoError if it cannot be read.
std::string file_sha256(const std::string& path);

}  // namespace dvinis
