#pragma once
/// Owning storage of one field: whole domain, row-major, halo of two cells, rows aligned to 64 bytes.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/error.hpp"
#include "core/grid/tiles.hpp"
#include "core/grid/view.hpp"

namespace dvinis {

enum class ElementType : std::uint8_t { float32, float64 };

constexpr std::size_t element_size(ElementType type) { return type == ElementType::float32 ? 4 : 8; }

/// A value type: copying a Field copies its numbers.
///
/// A field may be stored against a whole-metre datum per tile (`against_datum`), which keeps single precision
/// exact to fractions of a millimetre at any altitude: value = stored + datum of the cell's tile.
class Field {
 public:
  static constexpr Index halo = 2;

  Field() = default;
  Field(ElementType type, Index nx, Index ny, bool against_datum = false);
  Field(const Field& other);
  Field& operator=(const Field& other);
  Field(Field&&) noexcept = default;
  Field& operator=(Field&&) noexcept = default;

  ElementType type() const { return type_; }
  Index nx() const { return nx_; }
  Index ny() const { return ny_; }
  Index pitch() const { return pitch_; }

  /// Raw view of the stored numbers. T must match `type()`.
  template <class T>
  View<T> view() {
    expects(sizeof(T) == element_size(type_), "a view of the field's own element type");
    return {reinterpret_cast<T*>(bytes_.get()) + offset_, nx_, ny_, pitch_};
  }
  template <class T>
  View<const T> view() const {
    expects(sizeof(T) == element_size(type_), "a view of the field's own element type");
    return {reinterpret_cast<const T*>(bytes_.get()) + offset_, nx_, ny_, pitch_};
  }

  /// Value of one cell in double, datum included: for output, set-up and tests, not for kernels.
  double value(Index i, Index j) const;
  /// Stores one value, datum subtracted. Set datums first.
  void set(Index i, Index j, double value);
  /// Stores the same value in every cell, halo included.
  void fill(double value);

  bool against_datum() const { return !datum_.empty(); }
  /// Whole metres by tile index; empty if the field has no datum.
  std::vector<double>& datum() { return datum_; }
  const std::vector<double>& datum() const { return datum_; }

  /// All stored bytes, halo included: for checkpoints and checksums.
  std::byte* data() { return bytes_.get(); }
  const std::byte* data() const { return bytes_.get(); }
  std::size_t byte_count() const {
    return static_cast<std::size_t>(pitch_ * (ny_ + 2 * halo)) * element_size(type_);
  }

 private:
  struct Free {
    void operator()(std::byte* bytes) const;
  };
  ElementType type_ = ElementType::float64;
  Index nx_ = 0;
  Index ny_ = 0;
  Index pitch_ = 0;
  Index offset_ = 0;
  std::unique_ptr<std::byte[], Free> bytes_;
  std::vector<double> datum_;
};

}  // namespace dvinis
