#pragma once
/// Several numbers worked on at once: a vector register of the instruction set a unit is compiled for.
///
/// `Lanes<Real>` stands for a Real in physics.hpp: lane by lane the same operations, hence the same bits.
/// Everything is in an unnamed namespace, so that each instruction set gets code of its own that the linker
/// cannot mix up.

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "core/grid/view.hpp"
#include "models/flood/physics.hpp"

namespace dvinis::flood {
namespace {

#if defined(__AVX512F__)
constexpr std::size_t register_bytes = 64;
#elif defined(__AVX__)
constexpr std::size_t register_bytes = 32;
#else
constexpr std::size_t register_bytes = 16;
#endif

template <class Real>
constexpr int lane_count = static_cast<int>(register_bytes / sizeof(Real));

/// Vector types of `count` Reals.
template <class Real, int count>
struct Vectors {
  static constexpr std::size_t bytes = static_cast<std::size_t>(count) * sizeof(Real);
  typedef Real Vector __attribute__((vector_size(bytes)));
  /// What a comparison gives: 0 or -1 in each lane.
  using Integer = std::conditional_t<sizeof(Real) == 4, std::int32_t, std::int64_t>;
  typedef Integer Mask __attribute__((vector_size(bytes)));
  /// A vector at any address. It touches Reals only: pointers beside them need no reloading, as after memcpy.
  typedef Real Anywhere __attribute__((vector_size(bytes), aligned(alignof(Real))));
};

template <class Real, int count = lane_count<Real>>
struct Lanes {
  static constexpr int size = count;
  using Vector = typename Vectors<Real, count>::Vector;
  using Mask = typename Vectors<Real, count>::Mask;
  using Anywhere = typename Vectors<Real, count>::Anywhere;

  Vector v;

  Lanes() = default;
  Lanes(Vector value) : v(value) {}
  template <class Number>
  requires(std::is_arithmetic_v<Number>) Lanes(Number value)
      : v(static_cast<Real>(value) - Vector{}) {}  // a - 0 is a, whatever its sign

  static Lanes load(const Real* from) { return Vector(*reinterpret_cast<const Anywhere*>(from)); }
  void store(Real* to) const { *reinterpret_cast<Anywhere*>(to) = v; }
  /// Stores the first `used` lanes only.
  void store(Real* to, Index used) const {
    if (used >= count) {
      store(to);
    } else {
      for (int lane = 0; lane < used; ++lane) to[lane] = v[lane];
    }
  }
  /// Sets the lanes from `first` on to zero.
  void clear_from(Index first) {
    for (int lane = 0; lane < count; ++lane) {
      if (lane >= first) v[lane] = 0;
    }
  }

  Lanes operator-() const { return -v; }
  friend Lanes operator+(Lanes a, Lanes b) { return a.v + b.v; }
  friend Lanes operator-(Lanes a, Lanes b) { return a.v - b.v; }
  friend Lanes operator*(Lanes a, Lanes b) { return a.v * b.v; }
  friend Lanes operator/(Lanes a, Lanes b) { return a.v / b.v; }
  friend Mask operator<(Lanes a, Lanes b) { return a.v < b.v; }
  friend Mask operator>(Lanes a, Lanes b) { return a.v > b.v; }
  friend Mask operator>=(Lanes a, Lanes b) { return a.v >= b.v; }
  friend Lanes select(Mask mask, Lanes yes, Lanes no) { return mask ? yes.v : no.v; }
};

// The same functions of plain numbers stay in sight beside those of Lanes.
using flood::cube_root_guess;
using flood::cube_root_steps;
using flood::larger;
using flood::magnitude;
using flood::root;
using flood::smaller;

// Named instructions. For maximum and minimum the compiler's own choice would be two instructions where one
// operand is zero.
#define DVINIS_NAMED(Real, count, larger_of, smaller_of, root_of)                 \
  inline Lanes<Real, count> larger(Lanes<Real, count> a, Lanes<Real, count> b) {  \
    return Vectors<Real, count>::Vector(larger_of(b.v, a.v));                     \
  }                                                                               \
  inline Lanes<Real, count> smaller(Lanes<Real, count> a, Lanes<Real, count> b) { \
    return Vectors<Real, count>::Vector(smaller_of(b.v, a.v));                    \
  }                                                                               \
  inline Lanes<Real, count> root(Lanes<Real, count> a) { return Vectors<Real, count>::Vector(root_of(a.v)); }
DVINIS_NAMED(float, 4, _mm_max_ps, _mm_min_ps, _mm_sqrt_ps)
DVINIS_NAMED(double, 2, _mm_max_pd, _mm_min_pd, _mm_sqrt_pd)
#if defined(__AVX__)
DVINIS_NAMED(float, 8, _mm256_max_ps, _mm256_min_ps, _mm256_sqrt_ps)
DVINIS_NAMED(double, 4, _mm256_max_pd, _mm256_min_pd, _mm256_sqrt_pd)
#endif
#if defined(__AVX512F__)
// With an all-ones mask: GCC 12 warns of an undefined source inside the plain forms.
#define DVINIS_ALL_PS(name, ...) _mm512_maskz_##name##_ps(0xffff, __VA_ARGS__)
#define DVINIS_ALL_PD(name, ...) _mm512_maskz_##name##_pd(0xff, __VA_ARGS__)
#define DVINIS_MAX_PS(a, b) DVINIS_ALL_PS(max, a, b)
#define DVINIS_MIN_PS(a, b) DVINIS_ALL_PS(min, a, b)
#define DVINIS_ROOT_PS(a) DVINIS_ALL_PS(sqrt, a)
#define DVINIS_MAX_PD(a, b) DVINIS_ALL_PD(max, a, b)
#define DVINIS_MIN_PD(a, b) DVINIS_ALL_PD(min, a, b)
#define DVINIS_ROOT_PD(a) DVINIS_ALL_PD(sqrt, a)
DVINIS_NAMED(float, 16, DVINIS_MAX_PS, DVINIS_MIN_PS, DVINIS_ROOT_PS)
DVINIS_NAMED(double, 8, DVINIS_MAX_PD, DVINIS_MIN_PD, DVINIS_ROOT_PD)
#endif
#undef DVINIS_NAMED

/// Two floats beside two doubles have no register of their own.
inline Lanes<float, 2> larger(Lanes<float, 2> a, Lanes<float, 2> b) { return a.v < b.v ? b.v : a.v; }

template <class Real, int count>
inline Lanes<Real, count> magnitude(Lanes<Real, count> a) {
  using Types = Vectors<Real, count>;
  typename Types::Mask bits;
  std::memcpy(&bits, &a.v, sizeof bits);
  bits &= static_cast<typename Types::Integer>(~(std::uint64_t{1} << (8 * sizeof(Real) - 1)));
  std::memcpy(&a.v, &bits, sizeof bits);
  return a;
}

template <int count>
inline Lanes<float, count> cube_root_guess(Lanes<float, count> x) {
  using Types = Vectors<float, count>;
  typename Types::Mask bits;
  std::memcpy(&bits, &x.v, sizeof bits);
  const auto third = __builtin_convertvector(bits, typename Types::Vector) * guess_third<float>;
  bits = __builtin_convertvector(guess_constant<float> - third, typename Types::Mask);
  std::memcpy(&x.v, &bits, sizeof bits);
  return x;
}
template <int count>
inline Lanes<double, count> cube_root_guess(Lanes<double, count> x) {
  // No instruction turns 64-bit integers into doubles; the upper half fits a double's mantissa.
  typedef std::uint64_t Bits __attribute__((vector_size(Vectors<double, count>::bytes)));
  Bits bits;
  std::memcpy(&bits, &x.v, sizeof bits);
  bits = (bits >> 32) | guess_exponent;
  std::memcpy(&x.v, &bits, sizeof bits);
  x.v = (guess_constant<double> - (x.v - guess_two52) * guess_third<double>)+guess_two52;
  std::memcpy(&bits, &x.v, sizeof bits);
  bits <<= 32;
  std::memcpy(&x.v, &bits, sizeof bits);
  return x;
}
template <class Real, int count>
inline int cube_root_steps(Lanes<Real, count>) {
  return cube_root_steps(Real(0));
}

/// True if any lane of a mask is set.
template <class Mask>
inline bool any(Mask mask) {
#if defined(__AVX512F__)
  if constexpr (sizeof mask == 64) return _mm512_test_epi32_mask(__m512i(mask), __m512i(mask)) != 0;
#endif
#if defined(__AVX__)
  if constexpr (sizeof mask == 32) return _mm256_testz_si256(__m256i(mask), __m256i(mask)) == 0;
#endif
  if constexpr (sizeof mask == 16) return _mm_testz_si128(__m128i(mask), __m128i(mask)) == 0;
  if constexpr (sizeof mask == 8) return (mask[0] | mask[1]) != 0;
}

/// True if any lane of any pack is not +0.
template <class Real, int count, class... Packs>
inline bool any_bit(Lanes<Real, count> first, Packs... others) {
  const auto bits_of = [](const Lanes<Real, count>& pack) {
    typename Vectors<Real, count>::Mask bits;
    std::memcpy(&bits, &pack.v, sizeof bits);
    return bits;
  };
  return any((bits_of(first) | ... | bits_of(others)));
}

/// Mask of the lanes whose byte has any of these bits.
template <class Pack>
inline typename Pack::Mask mask_of_bytes(const unsigned char* bytes, unsigned char bits) {
  typename Pack::Mask mask{};
  for (int lane = 0; lane < Pack::size; ++lane) mask[lane] = (bytes[lane] & bits) != 0 ? -1 : 0;
  return mask;
}

/// True if any of the next `count` bytes has any of these bits.
template <int count>
inline bool any_byte(const unsigned char* bytes, unsigned char bits) {
  // Read in one piece: assembled from smaller ones the processor would have to wait for its own stores.
  using Word = std::conditional_t<count == 2, std::uint16_t,
                                  std::conditional_t<count == 4, std::uint32_t, std::uint64_t>>;
  std::uint64_t found = 0;
  for (int k = 0; k < count; k += static_cast<int>(sizeof(Word))) {
    Word word;
    std::memcpy(&word, bytes + k, sizeof word);
    found |= word;
  }
  return (found & (bits * std::uint64_t{0x0101010101010101})) != 0;
}

}  // namespace
}  // namespace dvinis::flood
