#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/key_text.hpp"
#include "core/base/quantity.hpp"
#include "core/base/settings.hpp"

namespace dvinis {

namespace {

constexpr std::size_t most_problems_shown = 50;
constexpr std::size_t longest_value = 200;
constexpr double largest_exact_integer = 9007199254740992.0;  // 2^53

const char* kind_text(const Setting& setting) {
  return setting.is_list() ? "a list" : setting.is_map() ? "a map" : "a single value";
}

/// A name that the user chooses: it may become a variable of the results file.
bool is_name(const std::string& text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && text.size() <= 64 && is_letter(text[0]) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

/// True if the relative path stays inside its folder.
bool stays_inside(const std::string& path) {
  if (path.front() == '/' || path.find('\\') != std::string::npos) return false;
  return ("/" + path + "/").find("/../") == std::string::npos;
}

bool is_within(double value, const KeyInfo& key) {
  return !(key.minimum && value < *key.minimum) && !(key.maximum && value > *key.maximum) &&
         !(key.above && value <= *key.above);
}

class Validator {
 public:
  Setting run(const Setting& raw, const KeyTable& table) {
    Setting typed = raw.is_map() || is_blank(raw) ? members(raw, table) : wrong_kind(raw, "a map of keys");
    if (!problems_.empty()) throw ScenarioError(report());
    return typed;
  }

 private:
  static bool is_blank(const Setting& raw) { return raw.is_scalar() && raw.scalar.empty(); }

  static Setting shell(const Setting& raw, Setting::Kind kind) {
    Setting typed;
    typed.kind = kind;
    typed.path = raw.path;
    typed.place = raw.place;
    if (kind == Setting::Kind::scalar) typed.scalar = raw.scalar;
    return typed;
  }

  void problem(const Setting& where, const std::string& sentence) {
    problems_.emplace_back(where.place.line, where.error(sentence).what());
  }

  Setting wrong_kind(const Setting& raw, const std::string& expected) {
    const std::string found = is_blank(raw) ? "nothing" : kind_text(raw);
    problem(raw, fmt::format("expected {}, found {}", expected, found));
    return shell(raw, raw.kind);
  }

  void unknown_key(const Setting& where, const std::string& name, const KeyTable& keys) {
    std::vector<std::string> names;
    for (const KeyInfo& key : keys) names.push_back(key.name);
    // A text of nothing but unknown keys is no reason to compare each with all.
    const bool may_be_shown = problems_.size() < 4 * most_problems_shown;
    const std::string nearest = may_be_shown ? did_you_mean(name, names) : std::string{};
    std::string way_out = fmt::format("; allowed: {}", fmt::join(names, ", "));
    if (!nearest.empty()) way_out = fmt::format("; did you mean '{}'?", nearest);
    if (names.empty()) way_out = "; no keys are allowed here";
    problem(where, "unknown key" + way_out);
  }

  Setting members(const Setting& raw, const KeyTable& keys) {
    Setting typed = shell(raw, Setting::Kind::map);
    for (const auto& [name, member] : raw.members) {
      const auto key =
          std::find_if(keys.begin(), keys.end(), [&](const KeyInfo& info) { return info.name == name; });
      if (key == keys.end()) {
        unknown_key(member, name, keys);
      } else if (typed.has(name)) {
        problem(member, "duplicate key");
      } else {
        typed.members.emplace_back(name, checked(member, *key));
      }
    }
    for (const KeyInfo& key : keys) {
      if (typed.has(key.name)) continue;
      if (key.required) {
        const std::string where = raw.path.empty() ? key.name : fmt::format("{}.{}", raw.path, key.name);
        Setting missing = shell(raw, Setting::Kind::scalar);
        missing.path = where;
        problem(missing, fmt::format("required key is missing; expected {}{}", expected_text(key),
                                     key.about.empty() ? "" : fmt::format(" ({})", key.about)));
      } else if (key.fallback) {
        typed.members.emplace_back(key.name, fallback(raw, key));
      }
    }
    return typed;
  }

  Setting fallback(const Setting& parent, const KeyInfo& key) {
    Setting raw = shell(parent, Setting::Kind::scalar);
    raw.path = parent.path.empty() ? key.name : fmt::format("{}.{}", parent.path, key.name);
    if (key.kind == KeyKind::map || key.kind == KeyKind::open_map) {
      expects(*key.fallback == "{}", "a map fallback of {}");
      raw.kind = Setting::Kind::map;
    } else if (key.kind == KeyKind::list) {
      raw.kind = Setting::Kind::list;
      for (const std::string& text : fallback_items(*key.fallback)) {
        Setting item = shell(parent, Setting::Kind::scalar);
        item.path = fmt::format("{}[{}]", raw.path, raw.items.size());
        item.scalar = text;
        raw.items.push_back(std::move(item));
      }
    } else {
      raw.scalar = *key.fallback;
    }
    return checked(raw, key);
  }

  Setting checked(const Setting& raw, const KeyInfo& key) {
    switch (key.kind) {
      case KeyKind::map:
        return raw.is_map() || is_blank(raw) ? members(raw, key.keys) : wrong_kind(raw, expected_text(key));
      case KeyKind::open_map:
        return open_map(raw, key);
      case KeyKind::list:
        return list(raw, key);
      default:
        break;
    }
    if (raw.is_map() && !key.keys.empty()) return members(raw, key.keys);
    if (!raw.is_scalar()) return wrong_kind(raw, expected_text(key));
    return scalar(raw, key);
  }

  Setting open_map(const Setting& raw, const KeyInfo& key) {
    if (!raw.is_map() && !is_blank(raw)) return wrong_kind(raw, expected_text(key));
    Setting typed = shell(raw, Setting::Kind::map);
    std::set<std::string> names;
    for (const auto& [name, member] : raw.members) {
      if (!is_name(name)) {
        problem(member,
                fmt::format("{} is not a name; use at most 64 letters, digits, '_' and '-', and start with "
                            "a letter",
                            quoted(name)));
      } else if (!names.insert(name).second) {
        problem(member, "duplicate key");
      } else {
        typed.members.emplace_back(name, element(member, key.keys));
      }
    }
    return typed;
  }

  Setting list(const Setting& raw, const KeyInfo& key) {
    Setting typed = shell(raw, Setting::Kind::list);
    if (raw.is_list()) {
      for (const Setting& item : raw.items) typed.items.push_back(element(item, key.keys));
      return typed;
    }
    if (is_blank(raw)) return typed;
    if (!raw.is_scalar() || scalar_form(key.keys) == nullptr || key.keys.size() != 1) {
      return wrong_kind(raw, expected_text(key));
    }
    typed.items.push_back(checked(raw, key.keys.front()));
    return typed;
  }

  /// A list's item or an open map's value.
  Setting element(const Setting& raw, const KeyTable& keys) {
    const KeyInfo* plain = scalar_form(keys);
    const KeyTable named = map_form(keys);
    if (!named.empty() && (raw.is_map() || (is_blank(raw) && plain == nullptr))) return members(raw, named);
    if (plain != nullptr) return checked(raw, *plain);
    std::vector<std::string> names;
    for (const KeyInfo& info : named) names.push_back(info.name);
    return wrong_kind(raw, fmt::format("a map with keys {}", fmt::join(names, ", ")));
  }

  Setting scalar(const Setting& raw, const KeyInfo& key) {
    Setting typed = shell(raw, Setting::Kind::scalar);
    if (raw.scalar.empty()) {
      problem(raw, fmt::format("has no value; expected {}, or remove the key", expected_text(key)));
    } else if (key.kind != KeyKind::text && raw.scalar.size() > longest_value) {
      problem(raw, fmt::format("{} is too long; expected {}", quoted(raw.scalar), expected_text(key)));
    } else {
      try {
        typed.si = value_of(raw, key);
      } catch (const DataError& error) {
        problem(raw, error.what());
      }
    }
    if (typed.si && !is_within(*typed.si, key)) {
      problem(raw, fmt::format("{} is out of range; allowed: {}", raw.scalar, allowed_text(key)));
    }
    return typed;
  }

  /// Number in SI of a scalar, if its kind has one. @throws DataError
  static std::optional<double> value_of(const Setting& raw, const KeyInfo& key) {
    switch (key.kind) {
      case KeyKind::number:
        return parse_quantity(raw.scalar, key.unit);
      case KeyKind::duration:
        return whole_microseconds(raw.scalar);
      case KeyKind::integer:
        return whole_number(raw.scalar);
      case KeyKind::time:
        return static_cast<double>(parse_utc(raw.scalar));
      case KeyKind::choice:
        check_choice(raw.scalar, key);
        return {};
      case KeyKind::file:
        check_file(raw);
        return {};
      case KeyKind::boolean:
        if (raw.scalar == "true" || raw.scalar == "false") return {};
        throw DataError(
            fmt::format("{} is neither true nor false; write one of these two words", quoted(raw.scalar)));
      default:
        return {};
    }
  }

  static double whole_microseconds(const std::string& text) {
    const double seconds = parse_quantity(text, "s");
    if (std::abs(seconds) * 1e6 > largest_exact_integer) {
      throw DataError(fmt::format("'{}' is too long; durations up to 285 years are counted", text));
    }
    const Microseconds time = from_seconds(seconds);
    if (time == 0 && seconds != 0.0) {
      throw DataError(fmt::format("'{}' is too short; time is counted in microseconds", text));
    }
    return static_cast<double>(time) / 1e6;
  }

  static double whole_number(const std::string& text) {
    const std::size_t sign = text[0] == '+' || text[0] == '-' ? 1 : 0;
    const bool all_digits =
        text.size() > sign && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(sign), text.end(),
                                          [](char c) { return c >= '0' && c <= '9'; });
    if (!all_digits) throw DataError(fmt::format("{} is not a whole number, for example 12", quoted(text)));
    const double value = parse_number(text);
    if (std::abs(value) > largest_exact_integer) {
      throw DataError(fmt::format("{} is too large; whole numbers go up to 9007199254740992", quoted(text)));
    }
    return value;
  }

  static void check_choice(const std::string& text, const KeyInfo& key) {
    if (std::find(key.choices.begin(), key.choices.end(), text) != key.choices.end()) return;
    const std::string nearest = did_you_mean(text, key.choices);
    throw DataError(fmt::format("{} is not allowed;{} allowed: {}", quoted(text),
                                nearest.empty() ? "" : fmt::format(" did you mean '{}'?", nearest),
                                allowed_text(key)));
  }

  static void check_file(const Setting& raw) {
    if (raw.place.file == command_line_place || stays_inside(raw.scalar)) return;
    throw DataError(
        fmt::format("{} lies outside the scenario's folder; copy it into the folder, or name it with "
                    "--set {}=... on the command line",
                    quoted(raw.scalar), raw.path));
  }

  std::string report() {
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string text;
    for (std::size_t n = 0; n < std::min(problems_.size(), most_problems_shown); ++n) {
      if (n > 0) text += '\n';
      text += problems_[n].second;
    }
    if (problems_.size() > most_problems_shown) {
      text += fmt::format("\nand {} more problems", problems_.size() - most_problems_shown);
    }
    return text;
  }

  std::vector<std::pair<int, std::string>> problems_;  ///< line, sentence
};

}  // namespace

Setting validated(const Setting& raw, const KeyTable& table) { return Validator().run(raw, table); }

}  // namespace dvinis
