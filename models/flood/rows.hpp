#pragma once
/// Buffers of one row of a window, and which part of a row holds water. Included by the kernels only; linkage
/// as in lanes.hpp.

#include <cstdint>
#include <type_traits>

#include "core/grid/tiles.hpp"
#include "models/flood/kernels.hpp"
#include "models/flood/lanes.hpp"

namespace dvinis::flood {
namespace {

/// Tiles a window is wide: more share less work at the sides, fewer keep the row buffers in cache. The fast
/// mode has fewer buffers.
template <class Real>
constexpr Index window_columns = sizeof(Real) == 4 ? 2 : 1;
template <class Real>
constexpr Index fast_window_columns = 2 * window_columns<Real>;
template <class Real>
constexpr Index window_width = fast_window_columns<Real>* Tiling::width;

/// One row of a window with room for the ring and for whole registers at both ends. Column -1 is aligned.
template <class Real>
class Row {
 public:
  Real* at(Index column) { return cells_ + margin + 1 + column; }

 private:
  static constexpr Index margin = 64 / static_cast<Index>(sizeof(Real));
  alignas(64) Real cells_[static_cast<std::size_t>(window_width<Real> + 1 + 3 * margin)];
};

/// Depth and velocities as one face of every cell of a row sees them.
template <class Real>
struct FaceRow {
  Row<Real> depth, normal, along;
};
template <class Real>
struct FluxRow {
  Row<Real> mass, excess_left, excess_right, along;
};

template <class Real>
inline void clear(Row<Real>& row, Index first, Index last) {
  for (Index c = first; c < last; ++c) *row.at(c) = 0;
}
template <class Real>
inline void clear(FaceRow<Real>& row, Index first, Index last) {
  for (Row<Real>* part : {&row.depth, &row.normal, &row.along}) clear(*part, first, last);
}
template <class Real>
inline void clear(FluxRow<Real>& row, Index first, Index last) {
  for (Row<Real>* part : {&row.mass, &row.excess_left, &row.excess_right, &row.along})
    clear(*part, first, last);
}

/// Asks for the cache lines of a cell some rows before they are needed: a row of a window is too short for
/// the processor to guess the next. Each stage asks for its own arrays, so that requests do not queue up.
/// All arrays are aligned alike.
template <class First, class... Others>
inline void fetch(Index k, First* first, Others*... others) {
  if (reinterpret_cast<std::uintptr_t>(first + k) % 64 != 0) return;
  constexpr int for_writing = std::is_const_v<First> ? 0 : 1;
  __builtin_prefetch(first + k, for_writing);
  (__builtin_prefetch(others + k, for_writing), ...);
}

/// Even rain on some cells, none where they are blocked.
/// @param closed  their bits
template <class Pack>
inline Pack rain_on_open(const Pack& rain, const unsigned char* closed) {
  if (!any_byte<Pack::size>(closed, blocked_cell)) return rain;
  return select(mask_of_bytes<Pack>(closed, blocked_cell), Pack(0), rain);
}

/// Columns from `first` to before `last`, all cells outside are dry.
struct Span {
  Index first = 0;
  Index last = 0;
  bool is_empty() const { return first >= last; }
  Span joined(const Span& other) const {
    if (is_empty()) return other;
    if (other.is_empty()) return *this;
    return {first < other.first ? first : other.first, last > other.last ? last : other.last};
  }
  Span cut(Index low, Index high) const {
    const Span result = {first > low ? first : low, last < high ? last : high};
    return result.is_empty() ? Span{low, low} : result;
  }
  Span widened() const { return is_empty() ? *this : Span{first - 1, last + 1}; }
};

}  // namespace
}  // namespace dvinis::flood
