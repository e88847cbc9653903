#include "io/checkpoint/state_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "io/checkpoint/seal.hpp"
#include "io/hdf5/hdf5.hpp"

namespace dvinis {

namespace {

using hdf5::Handle;
using Json = nlohmann::ordered_json;

constexpr std::int64_t format_version = 1;
/// Room for headers beside the numbers themselves.
constexpr std::uint64_t metadata_room = 1024 * 1024;

/// The shape of a State: what must be equal for its bytes to mean the same.
std::string shape_text(const Schema& schema) {
  Json fields = Json::array();
  for (std::size_t k = 0; k < schema.fields.size(); ++k) {
    const FieldInfo& info = schema.fields[k];
    fields.push_back(fmt::format("{}.{} [{}] {}{}", schema.field_owner[k], info.name, info.unit,
                                 info.type == ElementType::float32 ? "float32" : "float64",
                                 info.against_datum ? " against datum" : ""));
  }
  Json tables = Json::array();
  for (const TableInfo& table : schema.tables) {
    std::string text = fmt::format("{} of {}", table.name, table.place_kind);
    for (const ColumnInfo& column : table.columns) {
      text += fmt::format(", {} [{}]{}", column.name, column.unit, column.series ? " series" : "");
    }
    tables.push_back(text);
  }
  return Json({{"field", std::move(fields)}, {"table", std::move(tables)}, {"scalar", schema.scalars}})
      .dump(1);
}

/// "the field 'flood.water_depth [m] float32' is new": the first difference of two shapes, for people.
std::string first_difference(const std::string& stored, const std::string& wanted) {
  const Json before = Json::parse(stored);
  const Json now = Json::parse(wanted);
  for (const char* kind : {"field", "table", "scalar"}) {
    const auto lacks = [kind](const Json& list, const Json& entry) {
      const Json& entries = list.at(kind);
      return std::find(entries.begin(), entries.end(), entry) == entries.end();
    };
    for (const Json& entry : now.at(kind)) {
      if (lacks(before, entry))
        return fmt::format("the {} '{}' is not in it", kind, entry.get<std::string>());
    }
    for (const Json& entry : before.at(kind)) {
      if (lacks(now, entry))
        return fmt::format("its {} '{}' is not in this run", kind, entry.get<std::string>());
    }
  }
  return "its fields stand in another order";
}

std::string grid_text(const State& state) {
  return state.fields.empty() ? ""
                              : fmt::format("{} x {}", state.fields.front().nx(), state.fields.front().ny());
}

std::span<const std::byte> bytes_of(const Field& field) { return {field.data(), field.byte_count()}; }

void write_fields(const Handle& file, const Schema& schema, const State& state) {
  const Handle group = hdf5::create_group(file.get(), "fields");
  for (std::size_t k = 0; k < state.fields.size(); ++k) {
    const std::string& name = schema.fields[k].name;
    hdf5::write_list(group.get(), name, bytes_of(state.fields[k]));
    if (state.fields[k].against_datum()) {
      hdf5::write_list(group.get(), name + ".datum", std::span<const double>(state.fields[k].datum()));
    }
  }
}

void write_tables(const Handle& file, const State& state) {
  const Handle group = hdf5::create_group(file.get(), "tables");
  for (const Table& table : state.tables) {
    const Handle one = hdf5::create_group(group.get(), table.info.name);
    hdf5::write_list(one.get(), "id", std::span<const std::int64_t>(table.id));
    hdf5::write_text(one.get(), "name", Json(table.name).dump());
    for (std::size_t k = 0; k < table.columns.size(); ++k) {
      hdf5::write_list(one.get(), fmt::format("column_{}", k), std::span<const double>(table.columns[k]));
    }
  }
}

void write_ledger(const Handle& file, const State& state) {
  const Handle group = hdf5::create_group(file.get(), "ledger");
  Json names = Json::array();
  std::vector<double> amounts;
  std::vector<double> lows;
  std::vector<std::int64_t> bookings;
  for (const LedgerAccount& account : state.ledger) {
    names.push_back({account.quantity, account.unit, account.account});
    amounts.push_back(account.amount);
    lows.push_back(account.low);
    bookings.push_back(account.bookings);
  }
  hdf5::write_text(group.get(), "accounts", names.dump());
  hdf5::write_list(group.get(), "amount", std::span<const double>(amounts));
  hdf5::write_list(group.get(), "low", std::span<const double>(lows));
  hdf5::write_list(group.get(), "bookings", std::span<const std::int64_t>(bookings));
}

std::string events_text(const State& state) {
  Json list = Json::array();
  for (const Event& event : state.events) {
    list.push_back(
        {event.id, event.occurred, event.effective, event.kind, event.subject, event.cause, event.parents});
  }
  return list.dump();
}

void write_clock(const Handle& file, const State& state) {
  hdf5::write_attribute(file.get(), "time_microseconds", state.time);
  hdf5::write_attribute(file.get(), "next_event_id", state.next_event_id);
  hdf5::write_attribute(file.get(), "steps", state.steps);
  hdf5::write_attribute(file.get(), "map_count", state.map_count);
  hdf5::write_attribute(file.get(), "series_count", state.series_count);
}

std::uint64_t room_for(const State& state) {
  std::uint64_t bytes = metadata_room;
  for (const Field& field : state.fields) bytes += field.byte_count() + field.datum().size() * sizeof(double);
  for (const Table& table : state.tables)
    bytes += table.rows() * (table.columns.size() + 16) * sizeof(double);
  const std::uint64_t room_per_entry = 512;
  return bytes + room_per_entry * (state.events.size() + state.ledger.size());
}

void read_fields(const Handle& file, const Schema& schema, State& state) {
  const Handle group = hdf5::open_group(file.get(), "fields");
  for (std::size_t k = 0; k < state.fields.size(); ++k) {
    Field& field = state.fields[k];
    const std::string& name = schema.fields[k].name;
    hdf5::read_bytes(group.get(), name, {field.data(), field.byte_count()});
    if (field.against_datum()) field.datum() = hdf5::read_doubles(group.get(), name + ".datum");
  }
}

void read_tables(const Handle& file, State& state) {
  const Handle group = hdf5::open_group(file.get(), "tables");
  for (Table& table : state.tables) {
    const Handle one = hdf5::open_group(group.get(), table.info.name);
    table.id = hdf5::read_integers(one.get(), "id");
    table.name = Json::parse(hdf5::read_text(one.get(), "name")).get<std::vector<std::string>>();
    for (std::size_t k = 0; k < table.columns.size(); ++k) {
      table.columns[k] = hdf5::read_doubles(one.get(), fmt::format("column_{}", k));
    }
  }
}

void read_ledger(const Handle& file, State& state) {
  const Handle group = hdf5::open_group(file.get(), "ledger");
  const Json names = Json::parse(hdf5::read_text(group.get(), "accounts"));
  const std::vector<double> amounts = hdf5::read_doubles(group.get(), "amount");
  const std::vector<double> lows = hdf5::read_doubles(group.get(), "low");
  const std::vector<std::int64_t> bookings = hdf5::read_integers(group.get(), "bookings");
  state.ledger.clear();
  for (std::size_t k = 0; k < names.size(); ++k) {
    state.ledger.push_back({names[k].at(0).get<std::string>(), names[k].at(1).get<std::string>(),
                            names[k].at(2).get<std::string>(), amounts.at(k), lows.at(k), bookings.at(k)});
  }
}

void read_events(const Handle& file, State& state) {
  state.events.clear();
  for (const Json& row : Json::parse(hdf5::read_text(file.get(), "events"))) {
    state.events.push_back({row.at(0).get<std::int64_t>(), row.at(1).get<Microseconds>(),
                            row.at(2).get<Microseconds>(), row.at(3).get<std::string>(),
                            row.at(4).get<std::string>(), row.at(5).get<std::string>(),
                            row.at(6).get<std::vector<std::int64_t>>()});
  }
}

void read_clock(const Handle& file, State& state) {
  state.time = hdf5::integer_attribute(file.get(), "time_microseconds", 0);
  state.next_event_id = hdf5::integer_attribute(file.get(), "next_event_id", 1);
  state.steps = hdf5::integer_attribute(file.get(), "steps", 0);
  state.map_count = hdf5::integer_attribute(file.get(), "map_count", 0);
  state.series_count = hdf5::integer_attribute(file.get(), "series_count", 0);
}

void expect_same_run(const Handle& file, const Schema& schema, const State& state) {
  const std::int64_t version = hdf5::integer_attribute(file.get(), "format_version", 0);
  if (version != format_version) {
    throw OtherRun(
        fmt::format("its format version is {}, this program reads version {}", version, format_version));
  }
  const std::string stored = hdf5::read_text(file.get(), "shape");
  const std::string wanted = shape_text(schema);
  if (stored != wanted) throw OtherRun(first_difference(stored, wanted));
  const std::string grid = hdf5::text_attribute(file.get(), "grid");
  if (grid != grid_text(state)) {
    throw OtherRun(fmt::format("it holds {} cells, this run has {}", grid, grid_text(state)));
  }
}

}  // namespace

void write_state_file(const std::string& path, const Schema& schema, const State& state,
                      const std::string& scenario_sha256) {
  Handle file = hdf5::create_file(path, path);
  FileSpace space(path);
  space.reserve(hdf5::end_of_file(file), room_for(state));
  hdf5::write_attribute(file.get(), "format_version", format_version);
  hdf5::write_attribute(file.get(), "scenario_sha256", scenario_sha256);
  hdf5::write_attribute(file.get(), "grid", grid_text(state));
  hdf5::write_text(file.get(), "shape", shape_text(schema));
  write_clock(file, state);
  write_fields(file, schema, state);
  write_tables(file, state);
  hdf5::write_list(file.get(), "scalars", std::span<const double>(state.scalars));
  write_ledger(file, state);
  hdf5::write_text(file.get(), "events", events_text(state));
  hdf5::write_attribute(file.get(), "checksum", state.checksum());
  hdf5::flush(file);
  hdf5::check(file.reset(), "closing the file");
  space.release();
  seal_file(path);
}

StoredState read_state_file(const std::string& path, const Schema& schema, const Twin& twin) {
  expect_seal(path);
  const Handle file = hdf5::open_file(path);
  StoredState stored;
  stored.state = State(schema, twin);
  stored.scenario_sha256 = hdf5::text_attribute(file.get(), "scenario_sha256");
  State& state = stored.state;
  try {
    expect_same_run(file, schema, state);
    read_clock(file, state);
    read_fields(file, schema, state);
    read_tables(file, state);
    state.scalars = hdf5::read_doubles(file.get(), "scalars");
    read_ledger(file, state);
    read_events(file, state);
  } catch (const nlohmann::json::exception& trouble) {
    throw FileTrouble(trouble.what(), 0);
  } catch (const std::out_of_range& trouble) {
    throw FileTrouble(trouble.what(), 0);
  }
  if (state.checksum() != hdf5::text_attribute(file.get(), "checksum")) {
    throw FileTrouble("its content does not give the state that was saved", 0);
  }
  return stored;
}

}  // namespace dvinis
