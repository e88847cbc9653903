#include "core/twin/state.hpp"

#include <fmt/format.h>

#include <limits>

#include "core/base/checksum.hpp"

namespace dvinis {

namespace {

template <class Row, class Name>
int index_of(const std::vector<Row>& rows, const std::string& wanted, const Name& name) {
  for (std::size_t k = 0; k < rows.size(); ++k) {
    if (name(rows[k]) == wanted) return static_cast<int>(k);
  }
  return -1;
}

template <class Handle>
Handle declared(Handle handle, const char* what, const std::string& name) {
  if (!handle) throw InternalError(fmt::format("bug: no model declares a {} named '{}'", what, name));
  return handle;
}

Table table_for(const TableInfo& info, const Twin& twin) {
  Table table{.info = info, .id = {}, .name = {}, .columns = {}};
  if (!info.place_kind.empty()) {
    for (const Place* place : twin.places_of(info.place_kind)) {
      table.id.push_back(static_cast<std::int64_t>(table.id.size()) + 1);
      table.name.push_back(place->label.empty() ? place->id : place->label);
    }
  }
  const std::vector<double> not_yet(table.rows(), std::numeric_limits<double>::quiet_NaN());
  table.columns.assign(info.columns.size(), not_yet);
  return table;
}

/// Feeds numbers and texts to SHA-256, every text and list led by its length so that no two states collide
/// by concatenation.
class Feed {
 public:
  template <class Number>
  requires std::is_arithmetic_v<Number>
  void add(Number number) { hash_.add(&number, sizeof number); }
  void add(const std::string& text) {
    add(text.size());
    hash_.add(text);
  }
  template <class Number>
  void add(const std::vector<Number>& numbers) {
    add(numbers.size());
    hash_.add(numbers.data(), numbers.size() * sizeof(Number));
  }
  void add(const Field& field) {
    add(static_cast<std::uint8_t>(field.type()));
    add(field.nx());
    add(field.ny());
    add(field.datum());
    if (field.type() == ElementType::float32) {
      add_rows(field.view<float>());
    } else {
      add_rows(field.view<double>());
    }
  }
  std::string hex() { return hash_.hex(); }

 private:
  template <class T>
  void add_rows(View<const T> view) {
    for (Index j = 0; j < view.ny; ++j) hash_.add(view.row(j), static_cast<std::size_t>(view.nx) * sizeof(T));
  }

  Sha256 hash_;
};

void add_table(Feed& feed, const Table& table) {
  feed.add(table.info.name);
  feed.add(table.id);
  for (const std::string& name : table.name) feed.add(name);
  for (const std::vector<double>& column : table.columns) feed.add(column);
}

void add_event(Feed& feed, const Event& event) {
  feed.add(event.id);
  feed.add(event.occurred);
  feed.add(event.effective);
  feed.add(event.kind);
  feed.add(event.subject);
  feed.add(event.cause);
  feed.add(event.parents);
}

void add_account(Feed& feed, const LedgerAccount& account) {
  feed.add(account.quantity);
  feed.add(account.unit);
  feed.add(account.account);
  feed.add(account.amount);
  feed.add(account.low);
  feed.add(account.bookings);
}

/// Adds `term` to the pair (amount, low) and leaves |low| below half an ulp of `amount` (Knuth's two-sum).
void add_compensated(double& amount, double& low, double term) {
  const double sum = amount + term;
  const double part = sum - amount;
  low += (amount - (sum - part)) + (term - part);
  amount = sum + low;
  low -= amount - sum;
}

}  // namespace

FieldHandle Schema::find_field(const std::string& name) const {
  return {index_of(fields, name, [](const FieldInfo& info) { return info.name; })};
}

TableHandle Schema::find_table(const std::string& name) const {
  return {index_of(tables, name, [](const TableInfo& info) { return info.name; })};
}

ScalarHandle Schema::find_scalar(const std::string& name) const {
  return {index_of(scalars, name, [](const std::string& scalar) { return scalar; })};
}

FieldHandle Schema::field(const std::string& name) const { return declared(find_field(name), "field", name); }

TableHandle Schema::table(const std::string& name) const { return declared(find_table(name), "table", name); }

ScalarHandle Schema::scalar(const std::string& name) const {
  return declared(find_scalar(name), "scalar", name);
}

State::State(const Schema& schema, const Twin& twin) : scalars(schema.scalars.size(), 0.0) {
  fields.reserve(schema.fields.size());
  for (const FieldInfo& info : schema.fields) {
    fields.emplace_back(info.type, twin.grid.nx, twin.grid.ny, info.against_datum);
  }
  tables.reserve(schema.tables.size());
  for (const TableInfo& info : schema.tables) tables.push_back(table_for(info, twin));
}

void State::book(const std::string& quantity, const std::string& unit, const std::string& account,
                 double amount) {
  for (LedgerAccount& row : ledger) {
    if (row.account != account || row.quantity != quantity) continue;
    expects(row.unit == unit, "one unit per ledger account");
    add_compensated(row.amount, row.low, amount);
    ++row.bookings;
    return;
  }
  ledger.push_back({.quantity = quantity, .unit = unit, .account = account, .amount = amount, .bookings = 1});
}

double State::booked(const std::string& quantity, const std::string& account) const {
  for (const LedgerAccount& row : ledger) {
    if (row.account == account && row.quantity == quantity) return row.amount + row.low;
  }
  return 0.0;
}

std::string State::checksum() const {
  Feed feed;
  feed.add(time);
  feed.add(steps);
  feed.add(next_event_id);
  for (const Field& field : fields) feed.add(field);
  for (const Table& table : tables) add_table(feed, table);
  feed.add(scalars);
  feed.add(events.size());
  for (const Event& event : events) add_event(feed, event);
  feed.add(ledger.size());
  for (const LedgerAccount& account : ledger) add_account(feed, account);
  return feed.hex();
}

}  // namespace dvinis
