#include "io/results/chunk_codec.hpp"

#include <libdeflate.h>

#include <cstring>
#include <limits>
#include <memory>

namespace dvinis {

namespace {

constexpr Index longest_side = 512;
constexpr int deflate_level = 1;

Index even_part(Index count) {
  const Index parts = (count + longest_side - 1) / longest_side;
  return (count + parts - 1) / parts;
}

template <class T>
void copy_row(View<const T> view, const Field& field, const Tile& tile, Index j, float* row) {
  if (!field.against_datum()) {
    for (Index i = tile.i0; i < tile.i1; ++i) row[i - tile.i0] = static_cast<float>(view(i, j));
    return;
  }
  const Tiling tiling{field.nx(), field.ny()};
  for (Index i = tile.i0; i < tile.i1; ++i) {
    const double datum = field.datum()[static_cast<std::size_t>(tiling.index_of(i, j))];
    row[i - tile.i0] = static_cast<float>(static_cast<double>(view(i, j)) + datum);
  }
}

struct FreeCompressor {
  void operator()(libdeflate_compressor* compressor) const { libdeflate_free_compressor(compressor); }
};

}  // namespace

ChunkShape chunk_shape(Index nx, Index ny) { return {even_part(ny), even_part(nx)}; }

std::vector<Tile> chunk_tiles(Index nx, Index ny) {
  const ChunkShape shape = chunk_shape(nx, ny);
  std::vector<Tile> tiles;
  for (Index j = 0; j < ny; j += shape.rows) {
    for (Index i = 0; i < nx; i += shape.columns) {
      tiles.push_back({i, std::min(i + shape.columns, nx), j, std::min(j + shape.rows, ny)});
    }
  }
  return tiles;
}

std::vector<float> chunk_values(const Tile& tile, ChunkShape shape, const Field& field) {
  std::vector<float> values(static_cast<std::size_t>(shape.rows * shape.columns),
                            std::numeric_limits<float>::quiet_NaN());
  for (Index j = tile.j0; j < tile.j1; ++j) {
    float* row = values.data() + (j - tile.j0) * shape.columns;
    if (field.type() == ElementType::float32) {
      copy_row(field.view<float>(), field, tile, j, row);
    } else {
      copy_row(field.view<double>(), field, tile, j, row);
    }
  }
  return values;
}

std::vector<std::byte> shuffled_and_deflated(const std::vector<float>& values) {
  const std::size_t count = values.size();
  std::vector<std::byte> shuffled(count * sizeof(float));
  const std::byte* bytes = reinterpret_cast<const std::byte*>(values.data());
  for (std::size_t plane = 0; plane < sizeof(float); ++plane) {
    for (std::size_t k = 0; k < count; ++k) shuffled[plane * count + k] = bytes[k * sizeof(float) + plane];
  }
  const std::unique_ptr<libdeflate_compressor, FreeCompressor> compressor(
      libdeflate_alloc_compressor(deflate_level));
  if (!compressor) return {};
  std::vector<std::byte> packed(libdeflate_zlib_compress_bound(compressor.get(), shuffled.size()));
  packed.resize(libdeflate_zlib_compress(compressor.get(), shuffled.data(), shuffled.size(), packed.data(),
                                         packed.size()));
  return packed;
}

}  // namespace dvinis
