#include "core/grid/field.hpp"

#include <sys/mman.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

namespace dvinis {

namespace {

constexpr std::size_t alignment = 64;

/// Vector loads may run this many bytes over the end of the last row.
constexpr std::size_t load_slack = 128;

/// Neighbouring rows of a large field lie on different pages of 4 kB. Pages of 2 MB save the processor
/// looking most of them up.
constexpr std::size_t large_page = 2 * 1024 * 1024;

/// Fields are worked on side by side at the same cell. Were they all to begin at the same place of a page,
/// their rows would compete for the same few lines of the caches; so each begins some lines further than the
/// last.
std::size_t next_stagger() {
  static std::atomic<unsigned> count{0};
  constexpr unsigned places = 61;
  constexpr std::size_t step = 17 * alignment;
  return alignment + (count++ % places) * step;
}

std::byte* allocate(std::size_t bytes) {
  const std::size_t stagger = next_stagger();
  bytes += stagger + load_slack;
  const std::size_t boundary = bytes >= 2 * large_page ? large_page : alignment;
  const std::size_t whole = (bytes + boundary - 1) / boundary * boundary;
  void* memory = std::aligned_alloc(boundary, whole);
  if (memory == nullptr) throw std::bad_alloc();
  if (boundary == large_page) madvise(memory, whole, MADV_HUGEPAGE);  // a wish: without it all works the same
  std::byte* first = static_cast<std::byte*>(memory) + stagger;
  std::memcpy(first - sizeof memory, &memory, sizeof memory);  // for the deleter
  return first;
}

}  // namespace

void Field::Free::operator()(std::byte* bytes) const {
  void* memory = nullptr;
  std::memcpy(&memory, bytes - sizeof memory, sizeof memory);
  std::free(memory);
}

Field::Field(ElementType type, Index nx, Index ny, bool against_datum) : type_(type), nx_(nx), ny_(ny) {
  expects(nx > 0 && ny > 0, "a field with cells");
  // The interior row starts on a 64-byte boundary, the western halo sits before it.
  const Index lane = static_cast<Index>(alignment / element_size(type));
  const Index lead = (halo + lane - 1) / lane * lane;
  pitch_ = (lead + nx + halo + lane - 1) / lane * lane;
  // An odd number of cache lines a row: neighbouring rows never fall on the same lines of a cache.
  if (pitch_ / lane % 2 == 0) pitch_ += lane;
  offset_ = halo * pitch_ + lead;
  bytes_.reset(allocate(byte_count()));
  std::memset(bytes_.get(), 0, byte_count() + load_slack);
  if (against_datum) datum_.assign(static_cast<std::size_t>(Tiling{nx, ny}.count()), 0.0);
}

Field::Field(const Field& other)
    : type_(other.type_),
      nx_(other.nx_),
      ny_(other.ny_),
      pitch_(other.pitch_),
      offset_(other.offset_),
      datum_(other.datum_) {
  if (!other.bytes_) return;
  bytes_.reset(allocate(byte_count()));
  std::memcpy(bytes_.get(), other.bytes_.get(), byte_count() + load_slack);
}

Field& Field::operator=(const Field& other) {
  if (this != &other) *this = Field(other);
  return *this;
}

double Field::value(Index i, Index j) const {
  const double stored =
      type_ == ElementType::float32 ? static_cast<double>(view<float>()(i, j)) : view<double>()(i, j);
  return datum_.empty() ? stored : stored + datum_[static_cast<std::size_t>(Tiling{nx_, ny_}.index_of(i, j))];
}

void Field::set(Index i, Index j, double value) {
  if (!datum_.empty()) value -= datum_[static_cast<std::size_t>(Tiling{nx_, ny_}.index_of(i, j))];
  if (type_ == ElementType::float32) {
    view<float>()(i, j) = static_cast<float>(value);
  } else {
    view<double>()(i, j) = value;
  }
}

void Field::fill(double value) {
  const Index count = pitch_ * (ny_ + 2 * halo);
  if (type_ == ElementType::float32) {
    std::fill_n(reinterpret_cast<float*>(bytes_.get()), count, static_cast<float>(value));
  } else {
    std::fill_n(reinterpret_cast<double*>(bytes_.get()), count, value);
  }
}

}  // namespace dvinis
