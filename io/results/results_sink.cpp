#include "io/results/results_sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>

#include "core/grid/parallel.hpp"
#include "io/hdf5/hdf5.hpp"
#include "io/results/cf_layout.hpp"
#include "io/results/chunk_codec.hpp"
#include "io/results/meta_text.hpp"

namespace dvinis {

namespace {

using hdf5::check;
using hdf5::Handle;

/// Room for the metadata of one call: headers, index nodes of chunks.
constexpr std::uint64_t metadata_room = 256 * 1024;
constexpr std::uint64_t metadata_room_per_variable = 16 * 1024;

/// Filter mask of a chunk: all filters applied, or stored as it is.
constexpr std::uint32_t all_filters = 0;
constexpr std::uint32_t no_filters = 3;

/// A field of State and its variable. Those without time are stored unfiltered in their chunks, so that each
/// rewriting falls on the same bytes of the file: nothing moves, nothing can be lost by a kill.
struct FieldVariable {
  FieldHandle field;
  bool has_time = false;
  Handle dataset;
};

struct ColumnVariable {
  std::size_t table = 0;
  std::size_t column = 0;
  bool series = false;
  std::size_t rows = 0;
  Handle dataset;
};

struct Chunk {
  std::size_t variable = 0;
  Tile tile;
  std::vector<std::byte> bytes;
};

std::vector<std::byte> bytes_of(const std::vector<float>& values) {
  const auto* first = reinterpret_cast<const std::byte*>(values.data());
  return {first, first + values.size() * sizeof(float)};
}

class HdfResultsSink final : public ResultSink {
 public:
  explicit HdfResultsSink(std::string path) : path_(std::move(path)) {}
  ~HdfResultsSink() override { close(); }
  HdfResultsSink(const HdfResultsSink&) = delete;
  HdfResultsSink& operator=(const HdfResultsSink&) = delete;

  void begin(const Twin& twin, const Schema& schema, const State& state, const OutputPlan& plan) override {
    ignore_file_size_signal();
    choose_variables(twin, schema, state, plan);
    const bool resumes = state.map_count > 0 || state.series_count > 0;
    guarded([&] { resumes ? reopen(state) : make_fresh(schema); });
  }

  void write_maps(const State& state) override {
    guarded([&] {
      std::vector<Chunk> chunks = packed_chunks(state, true);
      reserve(chunks);
      append_time(axes_.time, map_count_, state.time);
      for (const FieldVariable& variable : fields_) {
        if (variable.has_time) grow_field(variable.dataset, map_count_ + 1);
      }
      write_chunks(chunks);
      write_row_columns(state);
      hdf5::flush(file_);
      ++map_count_;
    });
  }

  void write_series(const State& state) override {
    if (!axes_.series_time) return;
    guarded([&] {
      reserve({});
      append_time(axes_.series_time, series_count_, state.time);
      for (const ColumnVariable& variable : columns_) {
        if (variable.series) append_row(variable, state);
      }
      hdf5::flush(file_);
      ++series_count_;
    });
  }

  void finish(const State& state, const RunSummary& summary) override {
    guarded([&] {
      const std::vector<Chunk> chunks = packed_chunks(state, false);
      const std::array<std::pair<const char*, std::string>, 3> texts = {{{"ledger", ledger_text(state)},
                                                                         {"events", events_text(state)},
                                                                         {"summary", summary_text(summary)}}};
      std::uint64_t room = 0;
      for (const auto& text : texts) room += text.second.size();
      for (const Table& table : state.tables)
        room += table.rows() * (table.columns.size() + 8) * sizeof(double);
      reserve(chunks, room);
      write_chunks(chunks);
      write_row_columns(state);
      const Handle meta = hdf5::open_group(file_.get(), "meta");
      drop_earlier_end(meta);
      for (const auto& [name, text] : texts) hdf5::write_text(meta.get(), name, text);
      write_loose_tables(meta, state);
      hdf5::flush(file_);
      cf::write_completeness(file_, summary.completed);
      hdf5::flush(file_);
    });
    close();
  }

 private:
  /// Runs one call's work; trouble becomes a sentence and ends all further writing to this file.
  template <class Work>
  void guarded(const Work& work) {
    if (is_broken_) {
      throw IoError(fmt::format(
          "cannot write '{}': an earlier write to it failed; continue with 'dvinis resume'", path_));
    }
    try {
      work();
    } catch (const FileTrouble& trouble) {
      is_broken_ = true;
      throw write_error(path_, trouble);
    }
  }

  void choose_variables(const Twin& twin, const Schema& schema, const State& state, const OutputPlan& plan) {
    twin_ = &twin;
    bed_ = twin.find_layer("bed_elevation");
    find_holes();
    fields_.clear();
    columns_.clear();
    variables_ = {};
    const auto choose = [&](const std::vector<std::string>& names, bool has_time) {
      for (const std::string& name : names) {
        const FieldHandle handle = schema.field(name);
        fields_.push_back({handle, has_time, {}});
        variables_.fields.push_back({schema.fields[static_cast<std::size_t>(handle.index)], has_time});
      }
    };
    choose(plan.map_fields, true);
    choose(plan.final_fields, false);
    for (std::size_t table = 0; table < schema.tables.size(); ++table) {
      const TableInfo& info = schema.tables[table];
      variables_.tables.push_back(info);
      if (info.place_kind.empty() || state.tables[table].rows() == 0) continue;
      for (std::size_t column = 0; column < info.columns.size(); ++column) {
        columns_.push_back({table, column, info.columns[column].series, state.tables[table].rows(), {}});
      }
    }
    has_series_ =
        std::any_of(columns_.begin(), columns_.end(), [](const auto& column) { return column.series; });
  }

  /// The terrain is a variable of every file, unless a field of that name is written anyway.
  bool writes_bed() const {
    const auto is_bed = [](const ResultField& field) { return field.info.name == "bed_elevation"; };
    return bed_ != nullptr && std::none_of(variables_.fields.begin(), variables_.fields.end(), is_bed);
  }

  FieldInfo bed_info() const {
    FieldInfo info;
    info.name = bed_->name;
    info.unit = bed_->unit;
    info.long_name = bed_->long_name;
    info.role = Role::parameter;
    info.cell_methods = "";
    return info;
  }

  void make_fresh(const Schema& schema) {
    make_parent_folder(path_);
    const std::string aside = path_ + ".new";
    try {
      file_ = hdf5::create_file(aside, path_);
      space_ = FileSpace(aside);
      write_header(schema);
      hdf5::flush(file_);
      rename_durably(aside, path_);
    } catch (...) {
      close();
      std::remove(aside.c_str());
      throw;
    }
  }

  void write_header(const Schema& schema) {
    const Twin& twin = *twin_;
    const std::string places = places_text(twin.places);
    reserve({}, header_room() + places.size() + twin.provenance.scenario_text.size());
    cf::write_root_attributes(file_, twin);
    axes_ = cf::create_axes(file_, twin, has_series_);
    if (writes_bed()) write_bed();
    for (std::size_t k = 0; k < fields_.size(); ++k) {
      fields_[k].dataset =
          cf::create_field(file_, axes_, twin.grid, variables_.fields[k].info, fields_[k].has_time);
    }
    create_tables(schema);
    const Handle meta = hdf5::create_group(file_.get(), "meta");
    hdf5::write_text(meta.get(), "scenario", twin.provenance.scenario_text);
    hdf5::write_text(meta.get(), "run", run_text(twin));
    hdf5::write_text(meta.get(), "places", places);
    Variables described = variables_;
    if (writes_bed()) described.fields.insert(described.fields.begin(), {bed_info(), false});
    hdf5::write_text(meta.get(), "variables", variables_text(described));
  }

  std::uint64_t header_room() const {
    const Grid& grid = twin_->grid;
    const auto cells = static_cast<std::uint64_t>(grid.cells());
    const auto sides = static_cast<std::uint64_t>(grid.nx + grid.ny);
    const std::uint64_t room_per_place = 1024;
    return (writes_bed() ? cells * sizeof(float) : 0) + sides * sizeof(double) +
           room_per_place * twin_->places.size();
  }

  void write_bed() {
    const Grid& grid = twin_->grid;
    const Handle dataset = cf::create_field(file_, axes_, grid, bed_info(), false);
    for (const Tile& tile : chunk_tiles(grid.nx, grid.ny)) {
      const auto packed =
          shuffled_and_deflated(chunk_values(tile, chunk_shape(grid.nx, grid.ny), bed_->values));
      write_chunk(dataset, false, tile, packed, all_filters);
    }
  }

  void create_tables(const Schema& schema) {
    std::size_t last_table = schema.tables.size();
    Handle rows;
    for (ColumnVariable& variable : columns_) {
      const TableInfo& table = schema.tables[variable.table];
      if (variable.table != last_table) rows = create_rows(table);
      last_table = variable.table;
      variable.dataset = cf::create_column(file_, axes_, rows, table, table.columns[variable.column]);
    }
  }

  Handle create_rows(const TableInfo& table) const {
    std::vector<Place> places;
    std::vector<Point> points;
    for (const Place* place : twin_->places_of(table.place_kind)) {
      places.push_back(*place);
      points.push_back(cf::representative_point(*place));
    }
    return cf::create_rows(file_, table, places, points, !twin_->grid.crs_wkt.empty());
  }

  /// Opens the file of the run that is resumed and cuts it back to what the State has seen.
  void reopen(const State& state) {
    if (!std::filesystem::exists(path_)) {
      throw IoError(
          fmt::format("cannot resume into '{}': the file is gone; put it back or run from the start", path_));
    }
    file_ = hdf5::open_file_to_write(path_);
    space_ = FileSpace(path_);
    axes_ = cf::open_axes(file_, has_series_);
    for (std::size_t k = 0; k < fields_.size(); ++k) {
      fields_[k].dataset = hdf5::open_dataset(file_.get(), variables_.fields[k].info.name);
    }
    for (ColumnVariable& variable : columns_) {
      const TableInfo& table = variables_.tables[variable.table];
      variable.dataset =
          hdf5::open_dataset(file_.get(), cf::column_name(table, table.columns[variable.column].name));
    }
    map_count_ = static_cast<hsize_t>(state.map_count);
    series_count_ = static_cast<hsize_t>(state.series_count);
    expect_grid();
    expect_steps(axes_.time, map_count_, "map");
    if (axes_.series_time) expect_steps(axes_.series_time, series_count_, "series");
    truncate();
  }

  void expect_grid() const {
    const hsize_t ny = hdf5::extent(axes_.y.get()).at(0);
    const hsize_t nx = hdf5::extent(axes_.x.get()).at(0);
    const Grid& grid = twin_->grid;
    if (nx == static_cast<hsize_t>(grid.nx) && ny == static_cast<hsize_t>(grid.ny)) return;
    throw IoError(
        fmt::format("cannot resume into '{}': it holds {} x {} cells, this run has {} x {}; it belongs to "
                    "another run, so start this one afresh",
                    path_, nx, ny, grid.nx, grid.ny));
  }

  void expect_steps(const Handle& time, hsize_t count, const char* what) const {
    const hsize_t found = hdf5::extent(time.get()).at(0);
    if (found >= count) return;
    throw IoError(
        fmt::format("cannot resume into '{}': it holds {} {} steps, but the checkpoint was written after "
                    "{}; it belongs to another run, so start this one afresh",
                    path_, found, what, count));
  }

  void truncate() {
    reserve({});
    set_extent(axes_.time, {map_count_});
    for (const FieldVariable& variable : fields_) {
      if (variable.has_time) grow_field(variable.dataset, map_count_);
    }
    if (axes_.series_time) set_extent(axes_.series_time, {series_count_});
    for (const ColumnVariable& variable : columns_) {
      if (variable.series)
        set_extent(variable.dataset, {series_count_, hdf5::extent(variable.dataset.get()).at(1)});
    }
    cf::write_completeness(file_, false);
    hdf5::flush(file_);
  }

  /// Shuffled and deflated chunks of the fields with time, plain chunks of those without.
  std::vector<Chunk> packed_chunks(const State& state, bool with_time) const {
    const Grid& grid = twin_->grid;
    std::vector<Chunk> chunks;
    for (std::size_t k = 0; k < fields_.size(); ++k) {
      if (fields_[k].has_time && !with_time) continue;
      for (const Tile& tile : chunk_tiles(grid.nx, grid.ny)) chunks.push_back({k, tile, {}});
    }
    for_each_item(static_cast<Index>(chunks.size()), [&](Index index) {
      Chunk& chunk = chunks[static_cast<std::size_t>(index)];
      const FieldVariable& variable = fields_[chunk.variable];
      std::vector<float> values =
          chunk_values(chunk.tile, chunk_shape(grid.nx, grid.ny), state.field(variable.field));
      cut_holes(chunk.tile, values);
      chunk.bytes = variable.has_time ? shuffled_and_deflated(values) : bytes_of(values);
    });
    return chunks;
  }

  /// Where the terrain has no value, no field has one.
  void cut_holes(const Tile& tile, std::vector<float>& values) const {
    const Index columns = chunk_shape(twin_->grid.nx, twin_->grid.ny).columns;
    for (const Cell& hole : holes_) {
      if (hole.i < tile.i0 || hole.i >= tile.i1 || hole.j < tile.j0 || hole.j >= tile.j1) continue;
      values[static_cast<std::size_t>((hole.j - tile.j0) * columns + hole.i - tile.i0)] =
          std::numeric_limits<float>::quiet_NaN();
    }
  }

  void find_holes() {
    holes_.clear();
    if (bed_ == nullptr) return;
    for (Index j = 0; j < twin_->grid.ny; ++j) {
      for (Index i = 0; i < twin_->grid.nx; ++i) {
        if (std::isnan(bed_->values.value(i, j))) holes_.push_back({i, j});
      }
    }
  }

  void reserve(const std::vector<Chunk>& chunks, std::uint64_t more = 0) const {
    std::uint64_t bytes =
        metadata_room + metadata_room_per_variable * (fields_.size() + columns_.size()) + more;
    for (const Chunk& chunk : chunks) {
      if (chunk.bytes.empty()) throw FileTrouble("compressing a chunk: out of memory", ENOMEM);
      bytes += chunk.bytes.size();
    }
    for (const ColumnVariable& variable : columns_)
      bytes += variable.series ? cf::largest_series_chunk(variable.rows) : 0;
    space_.reserve(hdf5::end_of_file(file_), bytes);
  }

  void write_chunks(const std::vector<Chunk>& chunks) const {
    for (const Chunk& chunk : chunks) {
      const FieldVariable& variable = fields_[chunk.variable];
      write_chunk(variable.dataset, variable.has_time, chunk.tile, chunk.bytes,
                  variable.has_time ? all_filters : no_filters);
    }
  }

  void write_chunk(const Handle& dataset, bool has_time, const Tile& tile,
                   const std::vector<std::byte>& bytes, std::uint32_t mask) const {
    const hsize_t offset[3] = {map_count_, static_cast<hsize_t>(tile.j0), static_cast<hsize_t>(tile.i0)};
    check(H5Dwrite_chunk(dataset.get(), H5P_DEFAULT, mask, has_time ? offset : offset + 1, bytes.size(),
                         bytes.data()),
          "writing a chunk");
  }

  static void set_extent(const Handle& dataset, const std::vector<hsize_t>& sizes) {
    check(H5Dset_extent(dataset.get(), sizes.data()), "changing the length of a variable");
  }

  void grow_field(const Handle& dataset, hsize_t steps) const {
    set_extent(dataset, {steps, static_cast<hsize_t>(twin_->grid.ny), static_cast<hsize_t>(twin_->grid.nx)});
  }

  /// Writes one row of a growing variable of one or two dimensions.
  static void write_row(const Handle& dataset, const std::vector<hsize_t>& sizes, const double* values) {
    set_extent(dataset, sizes);
    const Handle space(H5Dget_space(dataset.get()), H5Sclose, "asking for a shape");
    const hsize_t start[2] = {sizes[0] - 1, 0};
    const hsize_t count[2] = {1, sizes.size() > 1 ? sizes[1] : 1};
    check(H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start, nullptr, count, nullptr), "choosing a row");
    const Handle memory = hdf5::simple_space({count[1]});
    check(H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, memory.get(), space.get(), H5P_DEFAULT, values),
          "writing a row");
  }

  static void append_time(const Handle& time, hsize_t index, Microseconds now) {
    const double seconds = to_seconds(now);
    write_row(time, {index + 1}, &seconds);
  }

  void append_row(const ColumnVariable& variable, const State& state) const {
    const std::vector<double>& values = state.tables[variable.table].columns[variable.column];
    write_row(variable.dataset, {series_count_ + 1, values.size()}, values.data());
  }

  void write_row_columns(const State& state) const {
    for (const ColumnVariable& variable : columns_) {
      if (variable.series) continue;
      check(H5Dwrite(variable.dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                     state.tables[variable.table].columns[variable.column].data()),
            "writing a column");
    }
  }

  /// Removes what the end of an earlier part of the run wrote. Flushed before anything takes its place in the
  /// file: until then the file on disk still points there.
  void drop_earlier_end(const Handle& meta) const {
    for (const char* name : {"ledger", "events", "summary", "tables"}) {
      if (hdf5::has_link(meta.get(), name))
        check(H5Ldelete(meta.get(), name, H5P_DEFAULT), "dropping an older text");
    }
    hdf5::flush(file_);
  }

  /// Tables whose rows follow no places: a group each, a list per column.
  static void write_loose_tables(const Handle& meta, const State& state) {
    const Handle tables = hdf5::create_group(meta.get(), "tables");
    for (const Table& table : state.tables) {
      if (!table.info.place_kind.empty()) continue;
      const Handle group = hdf5::create_group(tables.get(), table.info.name);
      hdf5::write_list(group.get(), "id", std::span<const std::int64_t>(table.id));
      hdf5::write_text(group.get(), "name", names_text(table.name));
      for (std::size_t k = 0; k < table.columns.size(); ++k) {
        hdf5::write_list(group.get(), "column_" + table.info.columns[k].name,
                         std::span<const double>(table.columns[k]));
      }
    }
  }

  void close() {
    fields_.clear();
    columns_.clear();
    axes_ = {};
    file_.reset();
    space_.release();
  }

  std::string path_;
  const Twin* twin_ = nullptr;
  const Layer* bed_ = nullptr;
  std::vector<Cell> holes_;  ///< cells without terrain
  Variables variables_;
  std::vector<FieldVariable> fields_;
  std::vector<ColumnVariable> columns_;
  bool has_series_ = false;
  bool is_broken_ = false;
  hsize_t map_count_ = 0;
  hsize_t series_count_ = 0;
  FileSpace space_;
  Handle file_;
  cf::Axes axes_;
};

}  // namespace

std::unique_ptr<ResultSink> make_results_sink(const std::string& path) {
  return std::make_unique<HdfResultsSink>(path);
}

}  // namespace dvinis
