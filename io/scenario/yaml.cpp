#include "io/scenario/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <unordered_map>
#include <utility>
#include <vector>

#include "io/scenario/utf8.hpp"

namespace dvinis {

namespace {

constexpr std::size_t longest_key = 100;

[[noreturn]] void refuse(const TextPlace& place, const std::string& sentence) {
  throw ScenarioError(fmt::format("{}:{}:{}: {}", place.file, place.line, place.column, sentence));
}

std::size_t count_nodes(const Setting& setting) {
  std::size_t count = 1;
  for (const auto& [name, member] : setting.members) count += count_nodes(member);
  for (const Setting& item : setting.items) count += count_nodes(item);
  return count;
}

int depth_of(const Setting& setting) {
  int deepest = 0;
  for (const auto& [name, member] : setting.members) deepest = std::max(deepest, depth_of(member));
  for (const Setting& item : setting.items) deepest = std::max(deepest, depth_of(item));
  return deepest + 1;
}

/// Builds the tree from yaml-cpp's events; aliases are copies.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string file, const YamlLimits& limits) : file_(std::move(file)), limits_(limits) {}

  Setting take_root() {
    if (!has_root_) root_.place = {file_, 1, 1};
    return std::move(root_);
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (!has_root_) return;
    refuse(place_of(mark),
           "text stands behind the end of the document; check the indentation and the brackets above, "
           "and keep one document");
  }
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark&, const std::string&) override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    finish(node(mark, Setting::Kind::scalar), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Setting setting = node(mark, Setting::Kind::scalar);
    refuse_tag(setting.place, tag);
    if (has_control_characters(value)) {
      refuse(setting.place, "the value holds control characters; only line breaks and tabs are allowed");
    }
    setting.scalar = value;
    finish(std::move(setting), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const TextPlace place = place_of(mark);
    const auto found = anchored_.find(anchor);
    if (found == anchored_.end()) refuse(place, "the alias refers to the node that it is part of");
    const Setting& copy = found->second;
    count(count_nodes(copy), place);
    if (static_cast<int>(open_.size()) + depth_of(copy) > limits_.depth) too_deep(place);
    finish(copy, 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Setting::Kind::list);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Setting::Kind::map);
  }
  void OnMapEnd() override { close(); }

 private:
  /// A list or map that is still being read; `key` waits for its value.
  struct Open {
    Setting setting;
    YAML::anchor_t anchor = 0;
    std::string key;
    bool has_key = false;
    std::unordered_map<std::string, int> lines;  ///< of the keys so far
  };

  TextPlace place_of(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }

  Setting node(const YAML::Mark& mark, Setting::Kind kind) {
    Setting setting;
    setting.kind = kind;
    setting.place = place_of(mark);
    count(1, setting.place);
    return setting;
  }

  void count(std::size_t nodes, const TextPlace& place) {
    nodes_ += nodes;
    if (nodes_ > limits_.nodes) {
      refuse(place,
             fmt::format("the text holds more than {} values, aliases counted in full", limits_.nodes));
    }
  }

  [[noreturn]] void too_deep(const TextPlace& place) const {
    refuse(place, fmt::format("lists and maps are nested deeper than {}", limits_.depth));
  }

  static void refuse_tag(const TextPlace& place, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;  // plain and quoted
    refuse(place, fmt::format("the tag '{}' is not understood; remove it", tag.substr(0, longest_key)));
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Setting::Kind kind) {
    Setting setting = node(mark, kind);
    refuse_tag(setting.place, tag);
    if (static_cast<int>(open_.size()) + 1 >= limits_.depth) too_deep(setting.place);
    if (awaits_key()) refuse_key(setting.place);
    open_.push_back({std::move(setting), anchor, {}, false, {}});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    finish(std::move(done.setting), done.anchor);
  }

  bool awaits_key() const { return !open_.empty() && open_.back().setting.is_map() && !open_.back().has_key; }

  [[noreturn]] static void refuse_key(const TextPlace& place) {
    refuse(place, "a key must be a word or a quoted text, not a list or a map; is a bracket left open?");
  }

  /// A node is complete: it becomes the root, an item, a key or a value.
  void finish(Setting setting, YAML::anchor_t anchor) {
    if (anchor != 0) {
      count(count_nodes(setting), setting.place);  // kept twice from here on
      anchored_[anchor] = setting;
    }
    if (open_.empty()) {
      root_ = std::move(setting);
      has_root_ = true;
    } else if (awaits_key()) {
      take_key(setting);
    } else if (open_.back().setting.is_map()) {
      open_.back().setting.members.emplace_back(open_.back().key, std::move(setting));
      open_.back().has_key = false;
    } else {
      open_.back().setting.items.push_back(std::move(setting));
    }
  }

  void take_key(const Setting& setting) {
    Open& map = open_.back();
    if (!setting.is_scalar()) refuse_key(setting.place);
    if (setting.scalar.empty()) refuse(setting.place, "a key is empty");
    if (setting.scalar.size() > longest_key) {
      refuse(setting.place, fmt::format("a key has at most {} characters", longest_key));
    }
    if (setting.scalar.find_first_of("\n\r\t") != std::string::npos) {
      refuse(setting.place, "a key must stand on one line, without tabs");
    }
    if (setting.scalar == "<<")
      refuse(setting.place, "merge keys (<<) are not understood; write the keys out");
    const auto [first, is_new] = map.lines.emplace(setting.scalar, setting.place.line);
    if (!is_new) {
      refuse(setting.place, fmt::format("duplicate key '{}', first written in line {}; remove one of them",
                                        setting.scalar, first->second));
    }
    map.key = setting.scalar;
    map.has_key = true;
  }

  std::string file_;
  YamlLimits limits_;
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, Setting> anchored_;
  std::size_t nodes_ = 0;
  Setting root_;
  bool has_root_ = false;
};

/// What a person can do about a complaint of yaml-cpp, empty if its own words are enough.
std::string way_out(const std::string& complaint) {
  static const std::pair<const char*, const char*> hints[] = {
      {"illegal map value", "; check the indentation (blanks, no tabs) and quote a text that holds ': '"},
      {"illegal tab", "; indent with blanks"},
      {"flow not found", "; a bracket is left open"},
      {"illegal flow end", "; a bracket is closed that was not opened"},
      {"unknown token", "; quote a text that starts with @, % or `"},
      {"illegal EOF in scalar", "; a quote is left open"},
      {"end of map not found", "; check the indentation"},
      {"end of sequence not found", "; check the indentation"},
      {"anchor is not defined", "; quote a text that starts with *"},
  };
  for (const auto& [words, hint] : hints) {
    if (complaint.find(words) != std::string::npos) return hint;
  }
  return {};
}

void require_text(std::string_view text, const std::string& file, const YamlLimits& limits) {
  if (text.size() > limits.bytes) {
    throw ScenarioError(
        fmt::format("{}: the text has {} bytes; at most {} are read", file, text.size(), limits.bytes));
  }
  if (const std::size_t line = first_line_not_utf8(text); line != 0) {
    throw ScenarioError(fmt::format("{}:{}: the line is not UTF-8 text; save the file as UTF-8", file, line));
  }
  if (const std::size_t line = first_line_with_control_characters(text); line != 0) {
    throw ScenarioError(fmt::format("{}:{}: the line holds control characters; remove them", file, line));
  }
}

}  // namespace

void write_paths(Setting& setting, const std::string& path) {
  setting.path = path;
  for (auto& [name, member] : setting.members) write_paths(member, path.empty() ? name : path + "." + name);
  for (std::size_t n = 0; n < setting.items.size(); ++n) {
    write_paths(setting.items[n], fmt::format("{}[{}]", path, n));
  }
}

Setting parse_yaml(std::string_view text, const std::string& file, const YamlLimits& limits) {
  require_text(text, file, limits);
  TreeBuilder builder(file, limits);
  // yaml-cpp takes a text whose last quote is left open for whole if line breaks follow: none do here.
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  std::istringstream stream{std::string(text.substr(0, end == std::string_view::npos ? 0 : end + 1))};
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    const bool placed = !error.mark.is_null();
    refuse({file, placed ? error.mark.line + 1 : 1, placed ? error.mark.column + 1 : 1},
           fmt::format("cannot be read as YAML: {}{}", error.msg, way_out(error.msg)));
  }
  Setting root = builder.take_root();
  write_paths(root, "");
  return root;
}

std::string read_text_file(const std::string& path, const YamlLimits& limits) {
  std::error_code failure;
  if (!std::filesystem::exists(path, failure)) {
    throw ScenarioError(fmt::format("{}: there is no such file", path));
  }
  if (!std::filesystem::is_regular_file(path, failure)) {
    throw ScenarioError(fmt::format("{}: is not a file", path));
  }
  std::ifstream file(path, std::ios::binary);
  std::string text;
  text.resize(limits.bytes + 1);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || !file.eof() || !file.is_open()) {
    const bool too_large = file.gcount() == static_cast<std::streamsize>(text.size());
    throw ScenarioError(too_large ? fmt::format("{}: the file is larger than {} bytes", path, limits.bytes)
                                  : fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace dvinis
