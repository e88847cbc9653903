#include "core/base/unit_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "core/base/error.hpp"

namespace dvinis {

namespace {

constexpr std::size_t longest_unit = 120;
constexpr int deepest_group = 8;
constexpr int largest_exponent = 24;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_symbol(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '%' || c == '\'' || c == '"' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Superscripts and dots that people paste, in plain spelling.
std::string plain_spelling(std::string text) {
  static constexpr std::pair<std::string_view, std::string_view> spellings[] = {
      {"⁻", "-"}, {"⁰", "0"}, {"¹", "1"}, {"²", "2"}, {"³", "3"},
      {"⁴", "4"}, {"⁵", "5"}, {"⁶", "6"}, {"·", "."}, {"⋅", "."},
  };
  for (const auto& [fancy, plain] : spellings) {
    for (std::size_t at = text.find(fancy); at != std::string::npos; at = text.find(fancy, at)) {
      text.replace(at, fancy.size(), plain);
    }
  }
  return text;
}

class UnitParser {
 public:
  explicit UnitParser(const std::string& text) : written_(text), text_(plain_spelling(text)) {}

  std::vector<UnitFactor> parse() {
    if (written_.size() > longest_unit) {
      throw DataError(
          fmt::format("a unit has at most {} characters, this one has {}", longest_unit, written_.size()));
    }
    std::vector<UnitFactor> factors = product(0);
    if (at_ < text_.size()) fail();
    return factors;
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(std::string_view word) {
    if (text_.compare(at_, word.size(), word) != 0) return false;
    at_ += word.size();
    return true;
  }
  bool skip_blanks() {
    const std::size_t before = at_;
    while (peek() == ' ' || peek() == '\t') ++at_;
    return at_ > before;
  }

  [[noreturn]] void fail() const {
    const std::string rest = text_.substr(std::min(at_, text_.size()));
    if (rest.empty()) throw DataError(fmt::format("unit '{}' ends too early", written_));
    throw DataError(fmt::format("unit '{}' cannot be read from '{}' on", written_, rest));
  }

  std::vector<UnitFactor> product(int depth) {
    if (depth > deepest_group) fail();
    std::vector<UnitFactor> factors;
    skip_blanks();
    append(factors, factor(depth), 1);
    while (true) {
      const bool blank = skip_blanks();
      if (at_ == text_.size() || peek() == ')') return factors;
      const bool divides = take("/") || (blank && take("per "));
      const bool multiplies = !divides && (take("*") || take("."));
      if (!divides && !multiplies && !blank && peek() != '(') fail();
      skip_blanks();
      append(factors, factor(depth), divides ? -1 : 1);
    }
  }

  static void append(std::vector<UnitFactor>& factors, std::vector<UnitFactor> more, int sign) {
    for (UnitFactor& one : more) {
      one.numerator *= sign;
      factors.push_back(std::move(one));
    }
  }

  std::vector<UnitFactor> factor(int depth) {
    std::vector<UnitFactor> base;
    if (take("(")) {
      base = product(depth + 1);
      if (!take(")")) fail();
    } else if (peek() == '1') {
      ++at_;
      if (is_digit(peek()) || is_symbol(peek())) fail();
      return {};
    } else {
      const std::size_t begin = at_;
      while (is_symbol(peek())) ++at_;
      if (at_ == begin) fail();
      base.push_back({.symbol = text_.substr(begin, at_ - begin)});
    }
    const auto [numerator, denominator] = exponent();
    for (UnitFactor& one : base) raise(one, numerator, denominator);
    return base;
  }

  void raise(UnitFactor& factor, int numerator, int denominator) const {
    factor.numerator *= numerator;
    factor.denominator *= denominator;
    const int common = std::gcd(factor.numerator, factor.denominator);
    factor.numerator /= common;
    factor.denominator /= common;
    if (std::abs(factor.numerator) > largest_exponent || factor.denominator > largest_exponent) fail();
  }

  std::pair<int, int> exponent() {
    const bool marked = take("^") || take("**");
    const bool grouped = marked && take("(");
    if (!marked && !is_digit(peek()) && peek() != '-' && peek() != '+') return {1, 1};
    const int sign = take("-") ? -1 : (take("+"), 1);
    const int numerator = sign * integer();
    int denominator = 1;
    if (peek() == '/' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) {
      ++at_;
      denominator = integer();
      if (denominator == 0) fail();
    }
    if (grouped && !take(")")) fail();
    return {numerator, denominator};
  }

  int integer() {
    if (!is_digit(peek())) fail();
    int value = 0;
    for (; is_digit(peek()); ++at_) {
      value = value * 10 + (peek() - '0');
      if (value > largest_exponent) fail();
    }
    return value;
  }

  std::string written_;
  std::string text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<UnitFactor> parse_unit_expression(const std::string& text) { return UnitParser(text).parse(); }

}  // namespace dvinis
