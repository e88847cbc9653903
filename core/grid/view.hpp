#pragma once
/// Non-owning views of row-major 2-D arrays.

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace dvinis {

using Index = std::int64_t;

/// View of a row-major 2-D array. (0, 0) is the first interior cell and -halo <= i < nx + halo is
/// addressable, so stencils need no special cases at the rim. i counts eastward, j northward.
template <class T>
struct View {
  T* origin = nullptr;  ///< address of interior cell (0, 0)
  Index nx = 0;         ///< interior columns
  Index ny = 0;         ///< interior rows
  Index pitch = 0;      ///< elements between (i, j) and (i, j + 1)

  T& operator()(Index i, Index j) const { return origin[j * pitch + i]; }
  T* row(Index j) const { return origin + j * pitch; }
  explicit operator bool() const { return origin != nullptr; }
  operator View<const T>() const requires(!std::is_const_v<T>) { return {origin, nx, ny, pitch}; }
};

}  // namespace dvinis
