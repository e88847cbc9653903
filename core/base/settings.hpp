#pragma once
/// A scenario as a tree of settings with the place of every word, and the one table of keys that gives
/// validation, defaults, JSON Schema and the reference page.
///
/// `io/scenario` makes a raw tree from YAML; `validated` checks it against a `KeyTable` and returns a typed
/// tree (numbers in SI, defaults filled in). Models read the typed tree and nothing else.

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

/// One key of a scenario. `number` carries a unit ("1" for pure numbers); `list` and `map` carry the keys of
/// their items or members (a list of scalars has one unnamed key); `open_map` has names that the user chooses,
/// every value being a map with `keys` (or a scalar with the first key's kind if that key is unnamed).
/// A `number` or `text` with `keys` may also be written as a map: `rain: 35 mm/h` or `rain: {series: storm}`.
struct KeyInfo {
  std::string name;
  KeyKind kind = KeyKind::text;
  std::string about;                        ///< one sentence for the reference page
  std::string unit = "1";
  std::optional<double> minimum = {};       ///< in SI
  std::optional<double> maximum = {};       ///< in SI
  std::optional<std::string> fallback = {};  ///< default, as a user would write it
  bool required = false;
  std::vector<std::string> choices = {};
  std::vector<KeyInfo> keys = {};
};

using KeyTable = std::vector<KeyInfo>;

/// Checks `raw` against `table` and returns the typed tree.
///
/// Unknown keys (with "did you mean"), missing required keys, wrong kinds, units, choices and values outside
/// the allowed range are collected: all of them appear, a line each, in one ScenarioError.
Setting validated(const Setting& raw, const KeyTable& table);

/// The candidate nearest to `word` (edit distance at most a third of its length), or empty.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

/// JSON Schema (draft 2020-12) of a table, as text; `title` names the document.
std::string json_schema(const KeyTable& table, const std::string& title);

/// Reference page of a table in Markdown: a heading per section, a row per key.
std::string reference_page(const KeyTable& table, const std::string& title);

}  // namespace dvinis
