#pragma once
/// A scenario as a tree of settings with the place of every word, and the one table of keys that gives
/// validation, defaults, JSON Schema and the reference page.
///
/// `io/scenario` makes a raw tree from YAML; `validated` checks it against a `KeyTable` and returns a typed
/// tree (numbers in SI, defaults filled in). Models read the typed tree and nothing else.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/time.hpp"

namespace dvinis {

/// One node of the tree.
class Setting {
 public:
  enum class Kind { scalar, list, map };

  // Defined where Setting is complete: clang refuses a vector of pairs of it before.
  Setting();
  Setting(const Setting&);
  Setting(Setting&&) noexcept;
  Setting& operator=(const Setting&);
  Setting& operator=(Setting&&) noexcept;
  ~Setting();

  Kind kind = Kind::map;
  std::string path;                                      ///< "models.flood.courant"
  TextPlace place;                                       ///< where it stands in the text
  std::string scalar;                                    ///< the text of a scalar, as written
  std::optional<double> si;                              ///< set by `validated` for numbers and quantities
  std::vector<Setting> items;                            ///< of a list
  std::vector<std::pair<std::string, Setting>> members;  ///< of a map, in the order written

  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }

  /// Member of a map or nullptr.
  const Setting* find(const std::string& key) const;
  bool has(const std::string& key) const { return find(key) != nullptr; }

  /// Member of a map that validation guarantees. @throws ScenarioError naming the missing key.
  const Setting& at(const std::string& key) const;

  /// Typed values of a validated node. @throws InternalError if the node was not validated as such.
  double number() const;
  std::int64_t integer() const;
  bool boolean() const;
  Microseconds duration() const;
  const std::string& text() const;

  /// An error at this place: "scenario.yaml:14: models.flood.courant: <sentence>".
  ScenarioError error(const std::string& sentence) const;
};

enum class KeyKind { text, choice, boolean, integer, number, duration, time, file, list, map, open_map };

/// One key of a scenario.
///
///   text, choice, boolean, integer   a scalar; `integer` is decimal ("08" is 8), `boolean` is true or false
///   number     a finite number with a unit that converts to `unit` ("1": a pure number); kept in SI
///   duration   a time span with unit ("2 h", "50 ms"); kept in seconds, whole microseconds
///   time       an instant with zone ("2007-06-08T04:00:00Z"); kept as seconds since 1970
///   file       a path inside the scenario's folder (any path when given on the command line)
///   map        has `keys` as members
///   open_map   has names that the user chooses; each value is described by `keys` as a list's item is
///   list       each item is a map with the named `keys`, or, where the first key is unnamed, what that key
///              says; if that is all the table offers, a lone scalar is a list of one
///
/// A scalar kind with `keys` may also be written as a map of them: `rain: 35 mm/h` or `rain: {series:
/// storm}`. A map, open_map or list written without any value (`flood:`) is empty. The fallback of a map is
/// "{}", that of a list "[]" or "[a, b]"; maps without one stay absent, so that presence can mean "on".
struct KeyInfo {
  std::string name = {};
  KeyKind kind = KeyKind::text;
  std::string about = {};  ///< one sentence for the reference page
  std::string unit = "1";
  std::optional<double> minimum = {};        ///< in SI, allowed itself
  std::optional<double> maximum = {};        ///< in SI, allowed itself
  std::optional<double> above = {};          ///< in SI, the value must be larger
  std::optional<std::string> fallback = {};  ///< default, as a user would write it
  bool required = false;
  std::vector<std::string> choices = {};
  std::vector<KeyInfo> keys = {};
};

using KeyTable = std::vector<KeyInfo>;

/// `place.file` of settings that came from `run --set key=value`.
inline constexpr const char* command_line_place = "--set";

/// Checks `raw` against `table` and returns the typed tree: members in the order written, defaults after
/// them.
///
/// Unknown keys (with "did you mean"), duplicate keys, missing required keys, wrong kinds, units, choices and
/// values outside the allowed range are collected: all of them appear in one ScenarioError, a line each, in
/// the order of the text.
Setting validated(const Setting& raw, const KeyTable& table);

/// The candidate nearest to `word` (edit distance at most a third of its length), or empty.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

/// JSON Schema (draft 2020-12) of a table, as text; `title` names the document.
std::string json_schema(const KeyTable& table, const std::string& title);

/// Reference page of a table in Markdown: a heading per section, a row per key.
std::string reference_page(const KeyTable& table, const std::string& title);

}  // namespace dvinis
