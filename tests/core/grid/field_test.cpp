#include "core/grid/field.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace dvinis {
namespace {

TEST(Field, StartsAtZeroWithTwoAddressableHaloCellsAllRound) {
  const Field field(ElementType::float64, 37, 23);
  const View<const double> cells = field.view<double>();
  for (Index j = -2; j < 25; ++j) {
    for (Index i = -2; i < 39; ++i) ASSERT_EQ(cells(i, j), 0.0) << i << ", " << j;
  }
}

TEST(Field, AlignsEveryInteriorRowTo64BytesForBothElementTypes) {
  for (const ElementType type : {ElementType::float32, ElementType::float64}) {
    for (const Index nx : {1, 15, 16, 37, 65}) {
      const Field field(type, nx, 3);
      const std::size_t size = element_size(type);
      EXPECT_EQ(static_cast<std::size_t>(field.pitch()) * size % 64, 0u) << nx;
      const std::byte* origin = type == ElementType::float32
                                    ? reinterpret_cast<const std::byte*>(field.view<float>().origin)
                                    : reinterpret_cast<const std::byte*>(field.view<double>().origin);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(origin) % 64, 0u) << nx;
    }
  }
}

TEST(Field, KeepsRowsApartEvenWhenTheHaloIsWritten) {
  Field field(ElementType::float32, 17, 5);
  View<float> cells = field.view<float>();
  cells(18, 0) = 7.0f;   // eastern halo of row 0
  cells(-2, 1) = -7.0f;  // western halo of row 1
  for (Index i = 0; i < 17; ++i) {
    EXPECT_EQ(cells(i, 0), 0.0f);
    EXPECT_EQ(cells(i, 1), 0.0f);
  }
  EXPECT_EQ(cells(18, 0), 7.0f);
}

TEST(Field, CopiesItsNumbersAndNotTheirAddress) {
  Field original(ElementType::float64, 7, 5);
  original.set(6, 4, 2.5);
  Field copy = original;
  copy.set(6, 4, -1.0);
  EXPECT_EQ(original.value(6, 4), 2.5);
  original = copy;
  EXPECT_EQ(original.value(6, 4), -1.0);
  EXPECT_NE(original.data(), copy.data());
}

TEST(Field, CopiesAnEmptyFieldToAnEmptyField) {
  const Field empty;
  const Field copy = empty;
  EXPECT_EQ(copy.nx(), 0);
  EXPECT_EQ(copy.data(), nullptr);
}

TEST(Field, KeepsTenthsOfAMillimetreAt1000MetresWithADatumInSinglePrecision) {
  Field plain(ElementType::float32, 65, 17);
  Field against(ElementType::float32, 65, 17, true);
  for (double& datum : against.datum()) datum = 1000.0;
  plain.set(64, 16, 1000.12345);
  against.set(64, 16, 1000.12345);
  EXPECT_NEAR(against.value(64, 16), 1000.12345, 1e-8);
  EXPECT_GT(std::abs(plain.value(64, 16) - 1000.12345), 1e-6);
}

TEST(Field, UsesTheDatumOfTheCellsOwnTile) {
  Field field(ElementType::float32, 65, 17, true);
  ASSERT_EQ(field.datum().size(), 4u);
  field.datum() = {10.0, 20.0, 30.0, 40.0};
  field.fill(0.5);
  EXPECT_EQ(field.value(63, 15), 10.5);
  EXPECT_EQ(field.value(64, 15), 20.5);
  EXPECT_EQ(field.value(63, 16), 30.5);
  EXPECT_EQ(field.value(64, 16), 40.5);
}

TEST(Field, RefusesAViewOfTheWrongElementType) {
  Field field(ElementType::float32, 3, 2);
  EXPECT_THROW(field.view<double>(), InternalError);
}

TEST(Field, RefusesToHaveNoCells) { EXPECT_THROW(Field(ElementType::float64, 0, 5), InternalError); }

}  // namespace
}  // namespace dvinis
