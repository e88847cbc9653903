#include "io/results/results_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/checksum.hpp"
#include "io/hdf5/hdf5.hpp"
#include "io/results/cf_layout.hpp"
#include "io/results/meta_text.hpp"

namespace dvinis {

namespace {

using hdf5::check;
using hdf5::Handle;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Times of a growing axis; steps that a killed writer began but did not time are left out.
std::vector<double> axis_times(const Handle& file, const std::string& name) {
  if (!hdf5::has_link(file.get(), name)) return {};
  std::vector<double> times = hdf5::read_doubles(file.get(), name);
  while (!times.empty() && std::isnan(times.back())) times.pop_back();
  return times;
}

/// Feeds name, shape and values of a variable, one entry of its first dimension at a time.
void add_variable(Sha256& hash, const Handle& file, const std::string& name) {
  const Handle dataset = hdf5::open_dataset(file.get(), name);
  const Handle stored(H5Dget_type(dataset.get()), H5Tclose, "asking for a type");
  const Handle type(H5Tget_native_type(stored.get(), H5T_DIR_ASCEND), H5Tclose, "asking for a native type");
  const std::vector<hsize_t> sizes = hdf5::extent(dataset.get());
  hash.add(name);
  for (const hsize_t size : sizes) hash.add(fmt::format(" {}", size));
  std::size_t bytes = H5Tget_size(type.get());
  for (std::size_t k = 1; k < sizes.size(); ++k) bytes *= static_cast<std::size_t>(sizes[k]);
  std::vector<std::byte> values(bytes);
  std::vector<hsize_t> start(sizes.size(), 0);
  std::vector<hsize_t> count = sizes;
  if (!count.empty()) count.front() = 1;
  const Handle memory =
      sizes.empty() ? hdf5::simple_space({}) : hdf5::simple_space({bytes / H5Tget_size(type.get())});
  for (hsize_t entry = 0; entry < (sizes.empty() ? 1 : sizes.front()); ++entry) {
    const Handle space(H5Dget_space(dataset.get()), H5Sclose, "asking for a shape");
    if (!sizes.empty()) {
      start.front() = entry;
      check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr),
            "choosing values");
    }
    check(H5Dread(dataset.get(), type.get(), memory.get(), space.get(), H5P_DEFAULT, values.data()),
          "reading values");
    hash.add(values.data(), values.size());
  }
}

/// A (steps, rows) variable as one list per row; steps that are not there are NaN.
std::vector<std::vector<double>> read_series(const Handle& file, const std::string& name, std::size_t rows,
                                             std::size_t steps) {
  const Handle dataset = hdf5::open_dataset(file.get(), name);
  const std::vector<hsize_t> sizes = hdf5::extent(dataset.get());
  std::vector<std::vector<double>> series(rows, std::vector<double>(steps, nan));
  if (sizes.size() != 2 || sizes[1] != rows || sizes[0] == 0) return series;
  std::vector<double> values(static_cast<std::size_t>(sizes[0]) * rows);
  check(H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
        "reading a series");
  const std::size_t known = std::min(steps, static_cast<std::size_t>(sizes[0]));
  for (std::size_t step = 0; step < known; ++step) {
    for (std::size_t row = 0; row < rows; ++row) series[row][step] = values[step * rows + row];
  }
  return series;
}

ResultTable read_placed_table(const Handle& file, const TableInfo& info, const Twin& twin,
                              std::size_t steps) {
  ResultTable table;
  table.info = info;
  for (const Place* place : twin.places_of(info.place_kind)) {
    table.ids.push_back(place->id);
    table.labels.push_back(place->label.empty() ? place->id : place->label);
    table.points.push_back(cf::representative_point(*place));
  }
  const std::size_t rows = table.ids.size();
  for (const ColumnInfo& column : info.columns) {
    const std::string name = cf::column_name(info, column.name);
    const bool is_there = rows > 0 && hdf5::has_link(file.get(), name);
    table.columns.emplace_back();
    table.series.emplace_back();
    if (is_there && column.series) table.series.back() = read_series(file, name, rows, steps);
    if (is_there && !column.series) table.columns.back() = hdf5::read_doubles(file.get(), name);
  }
  return table;
}

/// A table without places; it is written when a run ends, so a killed run has no rows of it.
ResultTable read_loose_table(const Handle& meta, const TableInfo& info) {
  ResultTable table;
  table.info = info;
  table.columns.resize(info.columns.size());
  table.series.resize(info.columns.size());
  if (!hdf5::has_link(meta.get(), "tables")) return table;
  const Handle tables = hdf5::open_group(meta.get(), "tables");
  if (!hdf5::has_link(tables.get(), info.name)) return table;
  const Handle group = hdf5::open_group(tables.get(), info.name);
  for (const std::int64_t id : hdf5::read_integers(group.get(), "id"))
    table.ids.push_back(std::to_string(id));
  table.labels = read_names_text(hdf5::read_text(group.get(), "name"));
  table.labels.resize(table.ids.size());
  table.points.assign(table.ids.size(), {nan, nan});
  for (std::size_t k = 0; k < info.columns.size(); ++k) {
    table.columns[k] = hdf5::read_doubles(group.get(), "column_" + info.columns[k].name);
  }
  return table;
}

}  // namespace

struct ResultsFile::Impl {
  std::string path;
  Handle file;
  Twin twin;
  std::vector<double> times;
  std::vector<double> series_times;
  std::vector<ResultField> fields;
  std::vector<ResultTable> tables;
  bool complete = false;

  explicit Impl(const std::string& from) : path(from) {
    if (!std::filesystem::is_regular_file(path)) {
      throw IoError(fmt::format("cannot read '{}': there is no such file; name the run.nc of a run", path));
    }
    if (std::filesystem::file_size(path) == 0) throw damaged("it is empty");
    try {
      file = hdf5::open_file(path);
    } catch (const FileTrouble& trouble) {
      throw damaged(trouble.what());
    }
    try {
      read_header();
    } catch (const FileTrouble& trouble) {
      throw damaged(trouble.what());
    } catch (const nlohmann::json::exception& trouble) {
      throw damaged(trouble.what());
    }
  }

  IoError damaged(const std::string& reason) const {
    return IoError(
        fmt::format("cannot read '{}': it is no results file of dvinis, or a damaged one ({}); name the "
                    "run.nc of a run, or run the scenario again",
                    path, reason));
  }

  void read_header() {
    if (!hdf5::has_link(file.get(), "meta")) throw damaged("it has no group 'meta'");
    const std::int64_t version = hdf5::integer_attribute(file.get(), "format_version", 0);
    if (version != cf::format_version) {
      throw IoError(
          fmt::format("cannot read '{}': its format version is {}, this program reads version {}; use the "
                      "version of dvinis that wrote it ({})",
                      path, version, cf::format_version, hdf5::text_attribute(file.get(), "source")));
    }
    complete = hdf5::text_attribute(file.get(), "complete") == "yes";
    const Handle meta = hdf5::open_group(file.get(), "meta");
    read_run_text(hdf5::read_text(meta.get(), "run"), twin);
    twin.provenance.scenario_text = hdf5::read_text(meta.get(), "scenario");
    twin.places = read_places_text(hdf5::read_text(meta.get(), "places"));
    Variables variables = read_variables_text(hdf5::read_text(meta.get(), "variables"));
    fields = std::move(variables.fields);
    times = axis_times(file, "time");
    series_times = axis_times(file, "series_time");
    for (const TableInfo& info : variables.tables) {
      tables.push_back(info.place_kind.empty() ? read_loose_table(meta, info)
                                               : read_placed_table(file, info, twin, series_times.size()));
    }
  }

  const ResultField& field(const std::string& name) const {
    for (const ResultField& each : fields) {
      if (each.info.name == name) return each;
    }
    std::string known;
    for (const ResultField& each : fields) known += (known.empty() ? "" : ", ") + each.info.name;
    throw IoError(fmt::format("'{}' holds no field '{}'; it holds {}", path, name, known));
  }

  std::vector<double> read(const std::string& name, std::size_t step) const {
    const ResultField& wanted = field(name);
    if (wanted.has_time && step >= times.size()) {
      throw IoError(fmt::format("'{}' holds {} steps of '{}'; step {} is not among them (they count from 0)",
                                path, times.size(), name, step));
    }
    const auto ny = static_cast<hsize_t>(twin.grid.ny);
    const auto nx = static_cast<hsize_t>(twin.grid.nx);
    std::vector<double> values(static_cast<std::size_t>(ny * nx));
    try {
      const Handle dataset = hdf5::open_dataset(file.get(), name);
      const Handle space(H5Dget_space(dataset.get()), H5Sclose, "asking for a shape");
      const hsize_t start[3] = {step, 0, 0};
      const hsize_t count[3] = {1, ny, nx};
      const int skip = wanted.has_time ? 0 : 1;
      check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, wanted.has_time ? start : start + 1, nullptr,
                                count + skip, nullptr),
            "choosing a step");
      const Handle memory = hdf5::simple_space({ny, nx});
      check(H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, memory.get(), space.get(), H5P_DEFAULT, values.data()),
            "reading a field");
    } catch (const FileTrouble& trouble) {
      throw damaged(trouble.what());
    }
    return values;
  }
};

ResultsFile::ResultsFile(const std::string& path) : impl_(std::make_unique<Impl>(path)) {}
ResultsFile::~ResultsFile() = default;
ResultsFile::ResultsFile(ResultsFile&&) noexcept = default;
ResultsFile& ResultsFile::operator=(ResultsFile&&) noexcept = default;

const Grid& ResultsFile::grid() const { return impl_->twin.grid; }
const Twin& ResultsFile::twin() const { return impl_->twin; }
const std::vector<double>& ResultsFile::times() const { return impl_->times; }
const std::vector<double>& ResultsFile::series_times() const { return impl_->series_times; }
const std::vector<ResultField>& ResultsFile::fields() const { return impl_->fields; }
const std::vector<ResultTable>& ResultsFile::tables() const { return impl_->tables; }
bool ResultsFile::is_complete() const { return impl_->complete; }

const ResultField* ResultsFile::find_field(const std::string& name) const {
  for (const ResultField& field : impl_->fields) {
    if (field.info.name == name) return &field;
  }
  return nullptr;
}

const ResultTable* ResultsFile::find_table(const std::string& name) const {
  for (const ResultTable& table : impl_->tables) {
    if (table.info.name == name) return &table;
  }
  return nullptr;
}

std::vector<double> ResultsFile::read(const std::string& field, std::size_t step) const {
  return impl_->read(field, step);
}

std::string ResultsFile::checksum() const {
  Sha256 hash;
  try {
    for (const std::string& name : hdf5::link_names(impl_->file.get())) {
      if (name != "meta") add_variable(hash, impl_->file, name);
    }
  } catch (const FileTrouble& trouble) {
    throw impl_->damaged(trouble.what());
  }
  return hash.hex();
}

std::string ResultsFile::meta_text(const std::string& name) const {
  try {
    const Handle meta = hdf5::open_group(impl_->file.get(), "meta");
    return hdf5::read_text(meta.get(), name);
  } catch (const FileTrouble& trouble) {
    throw impl_->damaged(trouble.what());
  }
}

}  // namespace dvinis
