#include "io/ingest/csv.hpp"

#include "core/base/error.hpp"
#include "io/ingest/encoding.hpp"
#include "tests/io/ingest/ingest_support.hpp"

namespace dvinis {
namespace {

using test::says;
using test::sentence_of;

CsvTable table_of(const std::string& bytes, const CsvDialect& dialect = {}) {
  return parse_csv(bytes, "t.csv", dialect);
}

TEST(Csv, ReadsQuotedFieldsBlanksAndBothLineEnds) {
  const CsvTable table =
      table_of("\xEF\xBB\xBFid, name ,h\r\n1,\"Rīga, \"\"centre\"\"\",+2.5e-1\n\n2 , Sloka,-3\r\n");
  ASSERT_EQ(table.rows(), 2u);
  EXPECT_EQ(table.header(), (std::vector<std::string>{"id", "name", "h"}));
  EXPECT_EQ(table.text(0, 1), "Rīga, \"centre\"");
  EXPECT_EQ(table.number(0, 2), 0.25);
  EXPECT_EQ(table.text(1, 0), "2");
  EXPECT_EQ(table.number(1, table.column("h")), -3.0);
}

TEST(Csv, AQuotedFieldMaySpanLinesAndLaterLinesKeepTheirNumber) {
  const CsvTable table = table_of("a,b\n\"one\ntwo\",1\nx,oops\n");
  EXPECT_EQ(table.text(0, 0), "one\ntwo");
  EXPECT_TRUE(says(sentence_of([&] { table.number(1, 1); }),
                   {"t.csv:4: column 'b'", "'oops' is not a finite number"}));
}

TEST(Csv, SemicolonDecimalCommaAndBalticEncodingAreReadWhenDeclared) {
  // "Vārds;līmenis" in cp1257.
  const CsvTable table = table_of("V\xE2rds;l\xEEmenis\nDaugava;1,75\nLielupe;-0,5\n", {';', ',', "cp1257"});
  EXPECT_EQ(table.header(), (std::vector<std::string>{"Vārds", "līmenis"}));
  EXPECT_EQ(table.number(0, 1), 1.75);
  EXPECT_EQ(table.number(1, table.column("līmenis")), -0.5);
}

TEST(Csv, TabsSeparateEmptyFieldsToo) {
  const CsvTable table = table_of("a\tb\tc\n1\t\t3\n", {'\t', '.', "utf-8"});
  EXPECT_EQ(table.text(0, 1), "");
  EXPECT_EQ(table.number(0, 2), 3.0);
}

TEST(Csv, AnUndeclaredDialectIsExplained) {
  EXPECT_TRUE(says(sentence_of([] { table_of("t;h\n0;15\n1;18\n").column("h"); }),
                   {"t.csv:1", "no column 'h'", "delimiter: \";\""}));
  EXPECT_TRUE(says(sentence_of([] {
                     table_of("t;h\n0;1,5\n", {';', '.', "utf-8"}).number(0, 1);
                   }),
                   {"t.csv:2: column 'h'", "'1,5'", "decimal: \",\""}));
  EXPECT_TRUE(says(sentence_of([] {
                     table_of("t;h\n0;1.5\n", {';', ',', "utf-8"}).number(0, 1);
                   }),
                   {"'1.5'", "declared as ','"}));
  EXPECT_TRUE(
      says(sentence_of([] { table_of("V\xE2rds,h\nx,1\n"); }), {"t.csv:1", "0xe2", "encoding: cp1257"}));
  EXPECT_TRUE(says(sentence_of([] { table_of("a,b\n1,2\n", {',', ',', "utf-8"}); }), {"must differ"}));
  EXPECT_TRUE(says(sentence_of([] {
                     table_of("a,b\n1,2\n", {',', '.', "klingon"});
                   }),
                   {"'klingon' is not known"}));
}

TEST(Csv, MissingColumnsAreGuessed) {
  EXPECT_TRUE(says(sentence_of([] { table_of("time_s,level_m\n0,1\n").column("levl_m"); }),
                   {"no column 'levl_m'", "did you mean 'level_m'", "time_s, level_m"}));
}

TEST(Csv, RaggedEmptyAndDoubledThingsAreErrors) {
  EXPECT_TRUE(says(sentence_of([] { table_of("a,b\n1,2\n3\n"); }), {"t.csv:3", "1 fields", "2 columns"}));
  EXPECT_TRUE(says(sentence_of([] { table_of("a,b\n1,2,3\n"); }), {"t.csv:2", "3 fields"}));
  EXPECT_TRUE(says(sentence_of([] { table_of("\n\n"); }), {"empty"}));
  EXPECT_TRUE(says(sentence_of([] { table_of("a,b\n"); }), {"no rows"}));
  EXPECT_TRUE(says(sentence_of([] { table_of("a,a\n1,2\n"); }), {"two columns are named 'a'"}));
  EXPECT_TRUE(says(sentence_of([] { table_of("a,\n1,2\n"); }), {"column 2 has no name"}));
  EXPECT_TRUE(says(sentence_of([] { table_of("a,b\n\"1,2\n"); }), {"t.csv:2", "never closed"}));
  EXPECT_TRUE(says(sentence_of([] { table_of("a,b\n\"1\"x,2\n"); }), {"t.csv:2", "closing quote"}));
}

TEST(Csv, OnlyFiniteNumbersAreNumbers) {
  const CsvTable table = table_of("h\nnan\ninf\n0x10\n1 2\n1e999\n\"\"\n");
  EXPECT_EQ(table.rows(), 5u);  // a line of nothing is a blank line
  for (std::size_t row = 0; row < table.rows(); ++row) {
    EXPECT_NE(sentence_of([&] { table.number(row, 0); }), "") << table.text(row, 0);
  }
  EXPECT_TRUE(says(sentence_of([] { table_of("a,b\n1,\n").number(0, 1); }), {"column 'b' is empty"}));
}

TEST(Csv, TimesThatDoNotIncreaseNameTheirLine) {
  const CsvTable table = table_of("t,h\n0,1\n60,2\n60,3\n");
  EXPECT_TRUE(says(sentence_of([&] { increasing_numbers(table, 0, {}); }),
                   {"t.csv:4: column 't'", "60", "increase"}));
}

TEST(Csv, MissingAndEmptyFilesAreErrors) {
  const test::TemporaryFolder folder;
  EXPECT_TRUE(
      says(sentence_of([&] { read_csv(folder.path("none.csv"), {}); }), {"none.csv", "no such file"}));
  EXPECT_TRUE(
      says(sentence_of([&] { read_csv(folder.write("zero.csv", ""), {}); }), {"zero.csv", "0 bytes"}));
  EXPECT_TRUE(says(sentence_of([&] { read_csv(folder.text(), {}); }), {"is not a file"}));
}

}  // namespace
}  // namespace dvinis
