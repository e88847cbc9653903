/// Fuzz target: the table reader. Anything may be refused with a sentence, nothing may crash.
///
/// The first byte picks the dialect, the rest is the file.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "core/base/error.hpp"
#include "io/ingest/csv.hpp"

namespace {

const dvinis::CsvDialect dialects[] = {
    {',', '.', "utf-8"}, {';', ',', "cp1257"}, {'\t', '.', "iso-8859-13"}, {';', '.', "utf-16"}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  if (count == 0) return 0;
  const dvinis::CsvDialect& dialect = dialects[bytes[0] % std::size(dialects)];
  const std::string_view file(reinterpret_cast<const char*>(bytes + 1), count - 1);
  try {
    const dvinis::CsvTable table = dvinis::parse_csv(file, "fuzz.csv", dialect);
    // Every field is asked for, as a text and as a number; a refused number must not hide the next field.
    for (std::size_t row = 0; row < table.rows(); ++row) {
      for (std::size_t column = 0; column < table.header().size(); ++column) {
        static_cast<void>(table.text(row, column).size());
        try {
          static_cast<void>(table.number(row, column));
        } catch (const dvinis::DataError&) {
        }
      }
    }
    static_cast<void>(dvinis::increasing_numbers(table, table.column(table.header().back()), {0.1, 3.0}));
  } catch (const dvinis::DataError&) {
    // A sentence for the user: the wanted outcome of a bad file.
  }
  return 0;
}
