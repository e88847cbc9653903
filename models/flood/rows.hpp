#pragma once
/// Buffers of one row of a window, and which part of a row holds water. Included by the kernels only; linkage
/// as in lanes.hpp.

#include "core/grid/tiles.hpp"

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
