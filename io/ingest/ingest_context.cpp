#include "io/ingest/ingest_context.hpp"

#include <algorithm>
#include <filesystem>

#include "core/base/checksum.hpp"
#include "core/base/quantity.hpp"

namespace dvinis {

std::string IngestContext::path(const std::string& file) const {
  return (std::filesystem::path(folder_) / file).lexically_normal().string();
}

std::vector<std::string> IngestContext::paths(const Setting& files) const {
  if (files.is_scalar()) return {path(files.scalar)};
  std::vector<std::string> found;
  for (const Setting& file : files.items) found.push_back(path(file.scalar));
  if (found.empty()) throw files.error("the list names no file; write at least one");
  return found;
}

void IngestContext::note_file(const std::string& path) {
  if (std::find(noted_.begin(), noted_.end(), path) == noted_.end()) noted_.push_back(path);
}

void IngestContext::note_files(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) note_file(std::filesystem::path(path).lexically_normal().string());
}

std::vector<InputFile> IngestContext::inputs() const {
  std::vector<InputFile> inputs;
  for (const std::string& path : noted_) {
    const auto shown =
        std::filesystem::path(path).lexically_proximate(std::filesystem::path(folder_).lexically_normal());
    inputs.push_back({shown.string(), file_sha256(path)});
  }
  return inputs;
}

double quantity_of(const Setting& setting, const std::string& unit) {
  if (setting.si) return *setting.si;
  return at_place(setting, [&] { return parse_quantity(setting.scalar, unit); });
}

const Setting* given(const Setting& map, const std::string& key) {
  const Setting* member = map.is_map() ? map.find(key) : nullptr;
  if (member == nullptr || (member->is_scalar() && member->scalar.empty())) return nullptr;
  return member;
}

std::string text_of(const Setting& map, const std::string& key) {
  const Setting* member = given(map, key);
  return member == nullptr ? std::string() : member->scalar;
}

void require_datum(const Setting& map, const std::string& domain_datum) {
  const Setting* datum = given(map, "vertical_datum");
  if (datum == nullptr || datum->scalar == domain_datum) return;
  throw datum->error(
      fmt::format("levels above '{}' cannot be mixed with the domain's vertical datum '{}'; convert the data "
                  "to the domain's datum",
                  datum->scalar, domain_datum));
}

CsvDialect dialect_of(const Setting& map) {
  CsvDialect dialect;
  const auto one_character = [&](const char* key, char fallback) {
    const Setting* member = given(map, key);
    if (member == nullptr) return fallback;
    if (member->scalar == "\\t" || member->scalar == "tab") return '\t';
    if (member->scalar.size() != 1) throw member->error("write one character, e.g. \";\"");
    return member->scalar.front();
  };
  dialect.delimiter = one_character("delimiter", dialect.delimiter);
  dialect.decimal_mark = one_character("decimal", dialect.decimal_mark);
  if (given(map, "encoding") != nullptr) dialect.encoding = text_of(map, "encoding");
  return dialect;
}

std::string extent_text(const Grid& grid) {
  return fmt::format("x {:.2f} to {:.2f} m, y {:.2f} to {:.2f} m", grid.west, grid.east(), grid.south,
                     grid.north());
}

}  // namespace dvinis
