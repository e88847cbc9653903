#include "core/base/checksum.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <vector>

#include "core/base/error.hpp"

namespace dvinis {

struct Sha256::Digest {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  Digest() {
    expects(context != nullptr && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1,
            "SHA-256 from OpenSSL");
  }
  ~Digest() { EVP_MD_CTX_free(context); }
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;
};

Sha256::Sha256() : digest_(std::make_unique<Digest>()) {}
Sha256::~Sha256() = default;

void Sha256::add(const void* bytes, std::size_t count) {
  expects(digest_ != nullptr, "a digest that is not spent");
  expects(EVP_DigestUpdate(digest_->context, bytes, count) == 1, "OpenSSL to take bytes");
}

std::string Sha256::hex() {
  expects(digest_ != nullptr, "a digest that is not spent");
  std::array<unsigned char, 32> bytes{};
  expects(EVP_DigestFinal_ex(digest_->context, bytes.data(), nullptr) == 1, "OpenSSL to finish a digest");
  digest_.reset();
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned>(byte));
  return text;
}

std::string file_sha256(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) throw IoError(fmt::format("{}: cannot be opened: {}", path, std::strerror(errno)));
  Sha256 digest;
  std::vector<char> block(1 << 18);
  while (true) {
    const std::size_t count = std::fread(block.data(), 1, block.size(), file.get());
    digest.add(block.data(), count);
    if (count < block.size()) break;
  }
  if (std::ferror(file.get()) != 0)
    throw IoError(fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
  return digest.hex();
}

}  // namespace dvinis
