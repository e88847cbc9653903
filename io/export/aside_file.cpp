#include "io/export/aside_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "core/base/time.hpp"

namespace dvinis {

AsideFile::AsideFile(const std::string& path) : path_(path), aside_(path + ".part") {
  ignore_file_size_signal();
  try {
    make_parent_folder(path_);
    if (std::filesystem::is_directory(path_)) throw FileTrouble("it is a folder", EISDIR);
  } catch (const FileTrouble& trouble) {
    throw error(trouble);
  }
  write("");
  std::remove(aside_.c_str());
}

AsideFile::~AsideFile() {
  if (!aside_.empty()) std::remove(aside_.c_str());
}

void AsideFile::write(std::string_view content) const {
  std::FILE* file = std::fopen(aside_.c_str(), "wb");
  if (file == nullptr) throw error(FileTrouble(std::strerror(errno), errno));
  const bool is_written = std::fwrite(content.data(), 1, content.size(), file) == content.size();
  int failed = is_written ? 0 : errno;
  if (std::fclose(file) != 0 && failed == 0) failed = errno;
  if (failed != 0) throw error(FileTrouble(std::strerror(failed), failed));
}

void AsideFile::commit() {
  try {
    rename_durably(aside_, path_);
    aside_.clear();
  } catch (const FileTrouble& trouble) {
    throw error(trouble);
  }
}

IoError AsideFile::error(const FileTrouble& trouble) const {
  return write_error(path_, trouble, {"name another place for the product", "try again"});
}

const ResultField& field_of(const ResultsFile& results, const std::string& name) {
  if (const ResultField* field = results.find_field(name)) return *field;
  std::string known;
  for (const ResultField& each : results.fields()) known += (known.empty() ? "" : ", ") + each.info.name;
  throw IoError(fmt::format("the results hold no field '{}'; they hold {}", name, known));
}

const ResultTable& table_of(const ResultsFile& results, const std::string& name) {
  if (const ResultTable* table = results.find_table(name)) return *table;
  std::string known;
  for (const ResultTable& each : results.tables()) known += (known.empty() ? "" : ", ") + each.info.name;
  throw IoError(
      fmt::format("the results hold no table '{}'; they hold {}", name, known.empty() ? "none" : known));
}

std::string instant_text(const ResultsFile& results, double seconds) {
  const double whole = std::floor(seconds);
  std::string text = utc_text(results.twin().start_utc + static_cast<std::int64_t>(whole));
  if (seconds == whole) return text;
  text.pop_back();
  return text + fmt::format("{:.6f}", seconds - whole).substr(1) + "Z";
}

std::string number_text(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

}  // namespace dvinis
