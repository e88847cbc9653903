#pragma once
/// Everything that moves. Copying a State makes a member, writing it makes a checkpoint, hashing it proves a
/// replay.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "core/grid/field.hpp"
#include "core/twin/field_info.hpp"
#include "core/twin/table.hpp"
#include "core/twin/twin.hpp"

namespace dvinis {

/// A name resolved once, at binding; cheap to copy, valid for every State of the same Schema.
struct FieldHandle {
  int index = -1;
  explicit operator bool() const { return index >= 0; }
};
struct TableHandle {
  int index = -1;
  explicit operator bool() const { return index >= 0; }
};
struct ScalarHandle {
  int index = -1;
  explicit operator bool() const { return index >= 0; }
};

/// The declared fields, tables and scalars of a run, in catalogue order: the shape of a State.
struct Schema {
  std::vector<FieldInfo> fields;
  std::vector<std::string> field_owner;  ///< model name per field
  std::vector<TableInfo> tables;
  std::vector<std::string> scalars;  ///< named doubles: time steps, compensated sums, counters

  /// Handle of a declared name, or an empty handle.
  FieldHandle find_field(const std::string& name) const;
  TableHandle find_table(const std::string& name) const;
  ScalarHandle find_scalar(const std::string& name) const;
  /// @throws InternalError for a name nobody declared.
  FieldHandle field(const std::string& name) const;
  TableHandle table(const std::string& name) const;
  ScalarHandle scalar(const std::string& name) const;
};

/// Something that happened, with its cause: a row of the causal ledger.
struct Event {
  std::int64_t id = 0;         ///< given by the engine, never reused
  Microseconds occurred = 0;   ///< exact
  Microseconds effective = 0;  ///< the receiver's next tick
  std::string kind;            ///< "building wet", "negative depth retried"
  std::string subject;         ///< id of a place or asset
  std::string cause;           ///< a sentence
  std::vector<std::int64_t> parents;
};

/// One account of a conserved quantity; amounts are compensated sums, in into the domain.
struct LedgerAccount {
  std::string quantity;  ///< "water"
  std::string unit;      ///< "m3"
  std::string account;   ///< "rain", "west edge", "storage at start", "rounding"
  double amount = 0.0;   ///< booked so far, inflow positive
  double low = 0.0;      ///< compensation of `amount`
  std::int64_t bookings = 0;
};

class State {
 public:
  State() = default;
  /// Zero-filled fields and one row per place for tables that follow places.
  State(const Schema& schema, const Twin& twin);

  Microseconds time = 0;
  std::vector<Field> fields;    ///< [schema.fields]
  std::vector<Table> tables;    ///< [schema.tables]
  std::vector<double> scalars;  ///< [schema.scalars]
  std::vector<Event> events;
  std::vector<LedgerAccount> ledger;
  std::int64_t next_event_id = 1;
  std::int64_t steps = 0;         ///< sub-steps of all processes so far
  std::int64_t map_count = 0;     ///< output steps written so far: resume truncates results to this
  std::int64_t series_count = 0;  ///< series rows written so far

  Field& field(FieldHandle handle) { return fields[static_cast<std::size_t>(handle.index)]; }
  const Field& field(FieldHandle handle) const { return fields[static_cast<std::size_t>(handle.index)]; }
  Table& table(TableHandle handle) { return tables[static_cast<std::size_t>(handle.index)]; }
  const Table& table(TableHandle handle) const { return tables[static_cast<std::size_t>(handle.index)]; }
  double& scalar(ScalarHandle handle) { return scalars[static_cast<std::size_t>(handle.index)]; }
  double scalar(ScalarHandle handle) const { return scalars[static_cast<std::size_t>(handle.index)]; }

  /// Adds to an account (made on first use), with compensation. O(accounts).
  void book(const std::string& quantity, const std::string& unit, const std::string& account, double amount);
  /// Booked amount of an account, 0 if there is none.
  double booked(const std::string& quantity, const std::string& account) const;

  /// SHA-256 over everything above that defines the future: fields (interior and datum), tables, scalars,
  /// events, ledger, clock. Equal checksums prove equal states.
  std::string checksum() const;
};

}  // namespace dvinis
