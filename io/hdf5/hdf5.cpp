#include "io/hdf5/hdf5.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>

#include "io/hdf5/journal.hpp"
#include "io/hdf5/journal_driver.hpp"

namespace dvinis::hdf5 {

namespace {

/// The innermost message of the library's error stack.
herr_t keep_innermost(unsigned, const H5E_error2_t* entry, void* text) {
  *static_cast<std::string*>(text) = entry->desc != nullptr ? entry->desc : "";
  return 0;
}

[[noreturn]] void fail(const char* what) {
  std::string innermost;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_innermost, &innermost);
  H5Eclear2(H5E_DEFAULT);
  int error_number = 0;
  const std::size_t found = innermost.find("errno = ");
  if (found != std::string::npos) std::sscanf(innermost.c_str() + found, "errno = %d", &error_number);
  throw FileTrouble(fmt::format("{} failed ({})", what, innermost), error_number);
}

/// The library prints its whole stack on every failure unless told not to.
void keep_quiet() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

Handle access_list() {
  keep_quiet();
  Handle list(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "making a file access list");
  check(H5Pset_file_locking(list.get(), false, true), "switching file locking off");
  return list;
}

/// Metadata reach the driver in `flush` alone: no early eviction leaves the file between two states.
void keep_metadata_until_flush(const Handle& file) {
  H5AC_cache_config_t config;
  config.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  check(H5Fget_mdc_config(file.get(), &config), "reading the cache settings");
  config.evictions_enabled = false;
  config.incr_mode = H5C_incr__off;
  config.flash_incr_mode = H5C_flash_incr__off;
  config.decr_mode = H5C_decr__off;
  check(H5Fset_mdc_config(file.get(), &config), "keeping metadata in memory");
}

void write_attribute_as(hid_t object, const std::string& name, hid_t file_type, hid_t memory_type,
                        const Handle& space, const void* values) {
  if (has_attribute(object, name)) check(H5Adelete(object, name.c_str()), "replacing an attribute");
  const Handle attribute(H5Acreate2(object, name.c_str(), file_type, space.get(), H5P_DEFAULT, H5P_DEFAULT),
                         H5Aclose, "making an attribute");
  check(H5Awrite(attribute.get(), memory_type, values), "writing an attribute");
}

void write_list_as(hid_t parent, const std::string& name, hid_t type, const void* values, std::size_t count) {
  if (has_link(parent, name)) check(H5Ldelete(parent, name.c_str(), H5P_DEFAULT), "replacing a list");
  const Handle space = simple_space({static_cast<hsize_t>(count)});
  const Handle dataset(
      H5Dcreate2(parent, name.c_str(), type, space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Dclose,
      "making a list");
  if (count > 0)
    check(H5Dwrite(dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), "writing a list");
}

template <class T>
std::vector<T> read_list_as(hid_t parent, const std::string& name, hid_t type) {
  const Handle dataset = open_dataset(parent, name);
  const std::vector<hsize_t> sizes = extent(dataset.get());
  std::vector<T> values(sizes.empty() ? 1 : static_cast<std::size_t>(sizes.front()));
  if (!values.empty()) {
    check(H5Dread(dataset.get(), type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), "reading a list");
  }
  return values;
}

/// Text of any length. netCDF takes a fixed-length one for a single character in datasets, not in attributes.
Handle variable_text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "making a text type");
  check(H5Tset_size(type.get(), H5T_VARIABLE), "sizing a text type");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "marking a text type as UTF-8");
  return type;
}

/// Trims the padding of a fixed-length text.
std::string trimmed(const std::vector<char>& characters) {
  return std::string(characters.begin(), std::find(characters.begin(), characters.end(), '\0'));
}

herr_t collect_name(hid_t, const char* name, const H5L_info_t*, void* names) {
  static_cast<std::vector<std::string>*>(names)->emplace_back(name);
  return 0;
}

}  // namespace

void check(herr_t status, const char* what) {
  if (status < 0) fail(what);
}

Handle::Handle(hid_t id, Close close, const char* what) : id_(id), close_(close) {
  if (id < 0) fail(what);
}

Handle::Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}

Handle& Handle::operator=(Handle&& other) noexcept {
  if (this != &other) {
    reset();
    id_ = std::exchange(other.id_, -1);
    close_ = other.close_;
  }
  return *this;
}

herr_t Handle::reset() { return id_ < 0 ? 0 : close_(std::exchange(id_, -1)); }

Handle create_file(const std::string& path, const std::string& final_path) {
  recover(final_path);
  const Handle access = access_list();
  set_journal_driver(access.get(), journal_path(final_path));
  const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "making a file creation list");
  const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  check(H5Pset_link_creation_order(creation.get(), order), "tracking the order of variables");
  check(H5Pset_attr_creation_order(creation.get(), order), "tracking the order of attributes");
  Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), H5Fclose,
              "making the file");
  keep_metadata_until_flush(file);
  return file;
}

Handle open_file_to_write(const std::string& path) {
  recover(path);
  const Handle access = access_list();
  set_journal_driver(access.get(), journal_path(path));
  Handle file(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.get()), H5Fclose, "opening the file");
  keep_metadata_until_flush(file);
  return file;
}

Handle open_file(const std::string& path) {
  recover(path);
  const Handle access = access_list();
  return Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose, "opening the file");
}

void flush(const Handle& file) { check(H5Fflush(file.get(), H5F_SCOPE_LOCAL), "flushing the file"); }

std::uint64_t end_of_file(const Handle& file) {
  hsize_t size = 0;
  check(H5Fget_filesize(file.get(), &size), "asking for the file size");
  return size;
}

Handle create_group(hid_t parent, const std::string& name) {
  const Handle creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, "making a group creation list");
  const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
  check(H5Pset_link_creation_order(creation.get(), order), "tracking the order of a group");
  return Handle(H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, creation.get(), H5P_DEFAULT), H5Gclose,
                "making a group");
}

Handle open_group(hid_t parent, const std::string& name) {
  return Handle(H5Gopen2(parent, name.c_str(), H5P_DEFAULT), H5Gclose, "opening a group");
}

Handle open_dataset(hid_t parent, const std::string& name) {
  return Handle(H5Dopen2(parent, name.c_str(), H5P_DEFAULT), H5Dclose, "opening a variable");
}

Handle simple_space(std::initializer_list<hsize_t> sizes, bool first_grows) {
  if (sizes.size() == 0) return Handle(H5Screate(H5S_SCALAR), H5Sclose, "making a scalar space");
  std::vector<hsize_t> largest(sizes);
  if (first_grows) largest.front() = H5S_UNLIMITED;
  return Handle(H5Screate_simple(static_cast<int>(sizes.size()), sizes.begin(), largest.data()), H5Sclose,
                "making a space");
}

bool has_link(hid_t parent, const std::string& name) {
  const htri_t found = H5Lexists(parent, name.c_str(), H5P_DEFAULT);
  check(found, "looking for a name");
  return found > 0;
}

std::vector<std::string> link_names(hid_t parent) {
  std::vector<std::string> names;
  hsize_t position = 0;
  check(H5Literate(parent, H5_INDEX_CRT_ORDER, H5_ITER_INC, &position, collect_name, &names),
        "listing the variables");
  return names;
}

std::vector<hsize_t> extent(hid_t dataset) {
  const Handle space(H5Dget_space(dataset), H5Sclose, "asking for a shape");
  const int rank = H5Sget_simple_extent_ndims(space.get());
  check(rank, "asking for a rank");
  std::vector<hsize_t> sizes(static_cast<std::size_t>(rank));
  if (rank > 0) check(H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr), "asking for sizes");
  return sizes;
}

Handle text_type(std::size_t length) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "making a text type");
  check(H5Tset_size(type.get(), std::max<std::size_t>(length, 1)), "sizing a text type");
  check(H5Tset_strpad(type.get(), H5T_STR_NULLTERM), "padding a text type");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "marking a text type as UTF-8");
  return type;
}

void write_attribute(hid_t object, const std::string& name, const std::string& text) {
  const Handle type = text_type(text.size());
  write_attribute_as(object, name, type.get(), type.get(), simple_space({}), text.c_str());
}

void write_attribute(hid_t object, const std::string& name, double value) {
  write_attribute(object, name, std::span<const double>(&value, 1));
}

void write_attribute(hid_t object, const std::string& name, std::int64_t value) {
  write_attribute_as(object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, simple_space({1}), &value);
}

void write_attribute(hid_t object, const std::string& name, std::span<const float> values) {
  write_attribute_as(object, name, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, simple_space({values.size()}),
                     values.data());
}

void write_attribute(hid_t object, const std::string& name, std::span<const double> values) {
  write_attribute_as(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, simple_space({values.size()}),
                     values.data());
}

bool has_attribute(hid_t object, const std::string& name) {
  const htri_t found = H5Aexists(object, name.c_str());
  check(found, "looking for an attribute");
  return found > 0;
}

std::string text_attribute(hid_t object, const std::string& name) {
  if (!has_attribute(object, name)) return {};
  const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, "opening an attribute");
  const Handle type(H5Aget_type(attribute.get()), H5Tclose, "asking for a type");
  if (H5Tget_class(type.get()) != H5T_STRING || H5Tis_variable_str(type.get()) > 0) return {};
  std::vector<char> characters(H5Tget_size(type.get()));
  check(H5Aread(attribute.get(), type.get(), characters.data()), "reading an attribute");
  return trimmed(characters);
}

std::vector<double> number_attribute(hid_t object, const std::string& name) {
  if (!has_attribute(object, name)) return {};
  const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, "opening an attribute");
  const Handle type(H5Aget_type(attribute.get()), H5Tclose, "asking for a type");
  const H5T_class_t kind = H5Tget_class(type.get());
  if (kind != H5T_FLOAT && kind != H5T_INTEGER) return {};
  const Handle space(H5Aget_space(attribute.get()), H5Sclose, "asking for a shape");
  std::vector<double> values(
      static_cast<std::size_t>(std::max<hssize_t>(H5Sget_simple_extent_npoints(space.get()), 0)));
  if (!values.empty())
    check(H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, values.data()), "reading an attribute");
  return values;
}

std::int64_t integer_attribute(hid_t object, const std::string& name, std::int64_t fallback) {
  if (!has_attribute(object, name)) return fallback;
  const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, "opening an attribute");
  std::int64_t value = fallback;
  check(H5Aread(attribute.get(), H5T_NATIVE_INT64, &value), "reading an attribute");
  return value;
}

void write_text(hid_t parent, const std::string& name, const std::string& text) {
  if (has_link(parent, name)) check(H5Ldelete(parent, name.c_str(), H5P_DEFAULT), "replacing a text");
  const Handle type = variable_text_type();
  const Handle space = simple_space({});
  const Handle dataset(
      H5Dcreate2(parent, name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
      H5Dclose, "making a text");
  const char* characters = text.c_str();
  check(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &characters), "writing a text");
}

std::string read_text(hid_t parent, const std::string& name) {
  if (!has_link(parent, name)) return {};
  const Handle dataset = open_dataset(parent, name);
  const Handle type = variable_text_type();
  char* characters = nullptr;
  check(H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &characters), "reading a text");
  const std::string text = characters != nullptr ? characters : "";
  check(H5free_memory(characters), "freeing a text");
  return text;
}

void write_list(hid_t parent, const std::string& name, std::span<const double> values) {
  write_list_as(parent, name, H5T_NATIVE_DOUBLE, values.data(), values.size());
}
void write_list(hid_t parent, const std::string& name, std::span<const std::int64_t> values) {
  write_list_as(parent, name, H5T_NATIVE_INT64, values.data(), values.size());
}
void write_list(hid_t parent, const std::string& name, std::span<const std::byte> values) {
  write_list_as(parent, name, H5T_NATIVE_UINT8, values.data(), values.size());
}

std::vector<double> read_doubles(hid_t parent, const std::string& name) {
  return read_list_as<double>(parent, name, H5T_NATIVE_DOUBLE);
}
std::vector<std::int64_t> read_integers(hid_t parent, const std::string& name) {
  return read_list_as<std::int64_t>(parent, name, H5T_NATIVE_INT64);
}

void read_bytes(hid_t parent, const std::string& name, std::span<std::byte> bytes) {
  const Handle dataset = open_dataset(parent, name);
  const std::vector<hsize_t> sizes = extent(dataset.get());
  if (sizes.size() != 1 || sizes.front() != bytes.size()) {
    throw FileTrouble(fmt::format("'{}' does not hold {} bytes", name, bytes.size()), 0);
  }
  if (bytes.empty()) return;
  check(H5Dread(dataset.get(), H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()),
        "reading bytes");
}

}  // namespace dvinis::hdf5
