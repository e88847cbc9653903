#include "core/base/quantity.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/error.hpp"

namespace dvinis {
namespace {

std::string message(const std::function<void()>& action) {
  try {
    action();
  } catch (const DataError& error) {
    return error.what();
  }
  return "(no error)";
}

std::string quantity_message(const std::string& text, const std::string& unit) {
  return message([&] { parse_quantity(text, unit); });
}

TEST(Quantity, converts_what_people_write) {
  EXPECT_DOUBLE_EQ(parse_quantity("19.7 m3/s", "m3 s-1"), 19.7);
  EXPECT_DOUBLE_EQ(parse_quantity("19.7 m^3/s", "m3/s"), 19.7);
  EXPECT_DOUBLE_EQ(parse_quantity("35 mm/h", "m s-1"), 0.035 / 3600.0);
  EXPECT_EQ(parse_quantity("2 h", "s"), 7200.0);
  EXPECT_EQ(parse_quantity("10 min", "s"), 600.0);
  EXPECT_EQ(parse_quantity("1.5 days", "s"), 129600.0);
  EXPECT_EQ(parse_quantity("  -5 km ", "m"), -5000.0);
  EXPECT_EQ(parse_quantity("+3m", "m"), 3.0);
  EXPECT_EQ(parse_quantity("250 L/s", "m3 s-1"), 0.25);
  EXPECT_EQ(parse_quantity("1e-3 m²", "m2"), 1e-3);
  EXPECT_EQ(parse_quantity("3 m³·s⁻¹", "m3 s-1"), 3.0);
  EXPECT_EQ(parse_quantity("5 kg per m3", "kg m-3"), 5.0);
  EXPECT_DOUBLE_EQ(parse_quantity("2 W/(m2 K)", "kg s-3 K-1"), 2.0);
  EXPECT_DOUBLE_EQ(parse_quantity("1 1/d", "s-1"), 1.0 / 86400.0);
}

TEST(Quantity, is_rounded_once_where_division_is_exact) {
  EXPECT_EQ(parse_quantity("7 cm", "m"), 0.07);
  EXPECT_EQ(parse_quantity("50 ms", "s"), 0.05);
  EXPECT_EQ(parse_quantity("4 mm", "m"), 0.004);
  EXPECT_EQ(parse_quantity("90 mm/h", "m s-1"), 2.5e-5);
}

TEST(Quantity, keeps_the_offset_of_temperatures) {
  EXPECT_DOUBLE_EQ(parse_quantity("20 degC", "K"), 293.15);
  EXPECT_DOUBLE_EQ(parse_quantity("20 °C", "K"), 293.15);
  EXPECT_NEAR(parse_quantity("212 degF", "degC"), 100.0, 1e-10);
  EXPECT_DOUBLE_EQ(parse_quantity("3 W/degC", "W/K"), 3.0);  // a difference has no offset
}

TEST(Quantity, accepts_pure_numbers_and_shares) {
  EXPECT_EQ(parse_quantity("0.4", "1"), 0.4);
  EXPECT_EQ(parse_quantity("08", "1"), 8.0);
  EXPECT_EQ(parse_quantity("1e-12", "1"), 1e-12);
  EXPECT_EQ(parse_quantity("40 %", "1"), 0.4);
}

TEST(Quantity, understands_every_spelling_of_mannings_unit) {
  for (const char* unit : {"s/m^(1/3)", "s m-1/3", "s.m^(-1/3)", "s*m**(-1/3)", "s m^-1/3", "s m^(-1/3)"}) {
    EXPECT_EQ(parse_quantity("0.04 " + std::string(unit), "s/m^(1/3)"), 0.04) << unit;
    EXPECT_EQ(parse_quantity("0.04 s/m^(1/3)", unit), 0.04) << unit;
  }
  EXPECT_DOUBLE_EQ(parse_quantity("1 s/ft^(1/3)", "s/m^(1/3)"), 1.0 / std::cbrt(0.3048));
  EXPECT_DOUBLE_EQ(parse_quantity("25 m^(1/3)/s", "m^(1/3) s-1"), 25.0);
  EXPECT_DOUBLE_EQ(parse_quantity("4 (m2)^(1/2)", "m"), 4.0);
}

TEST(Quantity, refuses_a_number_without_its_unit_and_shows_how) {
  EXPECT_EQ(quantity_message("0.04", "s/m^(1/3)"),
            "'0.04' has no unit; write it with one that converts to s/m^(1/3), for example '0.04 s/m^(1/3)'");
}

TEST(Quantity, refuses_units_that_do_not_fit) {
  EXPECT_EQ(
      quantity_message("35 kg", "m s-1"),
      "'35 kg': unit 'kg' does not convert to 'm s-1'; expected a unit that converts to m s-1, for example "
      "'35 m s-1'");
  EXPECT_EQ(
      quantity_message("0.04 s/m^(1/2)", "s/m^(1/3)"),
      "'0.04 s/m^(1/2)': unit 's/m^(1/2)' does not convert to 's/m^(1/3)'; expected a unit that converts to "
      "s/m^(1/3), for example '0.04 s/m^(1/3)'");
  EXPECT_EQ(quantity_message("5 furlongz/h", "m s-1"),
            "'5 furlongz/h': unit 'furlongz' is unknown; expected a unit that converts to m s-1, for example "
            "'5 m s-1'");
  EXPECT_EQ(quantity_message("3 m", "1"),
            "'3 m': unit 'm' does not convert to '1'; expected a number without unit, for example 3");
  EXPECT_EQ(quantity_message("3 dBZ", "mm6 m-3").substr(0, 9), "'3 dBZ': ");
}

TEST(Quantity, refuses_what_udunits_would_misread) {
  // "m 3" is three metres, "000 m" is nothing, "24h" after a slash divides by 24: to udunits2, in silence
  EXPECT_EQ(quantity_message("5 m 3", "m"),
            "'5 m 3': unit 'm 3' cannot be read from '3' on; expected a unit that converts to m, for example "
            "'5 m'");
  EXPECT_NE(quantity_message("1 000 m", "m"), "(no error)");
  EXPECT_NE(quantity_message("35 mm/24h", "m s-1"), "(no error)");
  EXPECT_NE(quantity_message("5 m @ 3", "m"), "(no error)");
  EXPECT_NE(quantity_message("5 s since 1970-01-01", "s"), "(no error)");
  EXPECT_NE(quantity_message("5 m/", "m"), "(no error)");
  EXPECT_NE(quantity_message("5 m)", "m"), "(no error)");
  EXPECT_NE(quantity_message("5 (m", "m"), "(no error)");
  EXPECT_NE(quantity_message("5 m^(1/0)", "m"), "(no error)");
  EXPECT_NE(quantity_message("5 m99", "m"), "(no error)");
  EXPECT_NE(quantity_message("5 " + std::string(4000, '('), "m"), "(no error)");
}

TEST(Quantity, refuses_commas_infinities_and_words) {
  EXPECT_EQ(quantity_message("1,5 m", "m"), "'1,5 m': write a decimal point, not a comma");
  for (const char* text :
       {"", " ", "m", "nan m", "inf m", "-inf m", "1e999 m", ".", "-", "--3 m", "+-3 m", "0x10 m"}) {
    EXPECT_NE(quantity_message(text, "m"), "(no error)") << text;
  }
  EXPECT_EQ(quantity_message("wide", "m"), "'wide' is not a number with a unit, for example '1.5 m'");
  EXPECT_EQ(quantity_message("wide", "1"), "'wide' is not a number, for example 0.5");
  EXPECT_NE(quantity_message("1e308 km", "m"), "(no error)");
}

TEST(Quantity, reads_plain_numbers_strictly) {
  EXPECT_EQ(parse_number(" -2e3 "), -2000.0);
  EXPECT_EQ(message([] { parse_number("1,5"); }),
            "'1,5' is not a number; write a decimal point, not a comma");
  EXPECT_EQ(message([] { parse_number("1.5x"); }), "'1.5x' is not a number");
  EXPECT_EQ(message([] { parse_number("nan"); }), "'nan' is not a number");
}

TEST(Quantity, gives_the_conversion_of_a_column) {
  const UnitConversion centimetres = unit_conversion("cm", "m");
  EXPECT_EQ(centimetres.factor, 0.01);
  EXPECT_EQ(centimetres.offset, 0.0);
  EXPECT_EQ(centimetres(7.0), 0.07);
  const UnitConversion celsius = unit_conversion("degC", "K");
  EXPECT_EQ(celsius.factor, 1.0);
  EXPECT_DOUBLE_EQ(celsius.offset, 273.15);
  EXPECT_EQ(message([] { unit_conversion("m", "s"); }), "unit 'm' does not convert to 's'");
}

TEST(Quantity, says_nothing_on_stderr_when_udunits_fails) {
  testing::internal::CaptureStderr();
  EXPECT_NE(quantity_message("3 nonsense", "m"), "(no error)");
  EXPECT_NE(quantity_message("3 m/s2/kg", "m"), "(no error)");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Quantity, is_safe_from_several_threads) {
  std::vector<std::thread> threads;
  std::vector<double> sums(5, 0.0);
  for (std::size_t n = 0; n < sums.size(); ++n) {
    threads.emplace_back([&sums, n] {
      for (int k = 0; k < 300; ++k) sums[n] += parse_quantity("36 km/h", "m s-1");
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const double sum : sums) EXPECT_NEAR(sum, 3000.0, 1e-9);
}

}  // namespace
}  // namespace dvinis
