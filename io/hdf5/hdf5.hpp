#pragma once
/// The HDF5 C library with every return code checked: handles that close themselves, attributes and texts in
/// the form that every netCDF reader understands. One thread at a time may call these functions.

#include <hdf5.h>

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "io/hdf5/file_space.hpp"

namespace dvinis::hdf5 {

/// Throws FileTrouble with the library's own innermost message and errno if a call returned less than zero.
void check(herr_t status, const char* what);

/// An HDF5 identifier that closes itself.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);

  Handle() = default;
  /// Takes over `id`; a negative one is a FileTrouble that says `what` failed.
  Handle(hid_t id, Close close, const char* what);
  ~Handle() { reset(); }
  Handle(Handle&& other) noexcept;
  Handle& operator=(Handle&& other) noexcept;

  hid_t get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }
  /// Closes and forgets; the status tells whether pending data reached the file.
  herr_t reset();

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

/// New file (an old one of that name is lost): creation order tracked, oldest format, no file locking. On
/// disk it is always as of the last flush (see journal_driver.hpp). `final_path`, which it may be renamed to,
/// names its journal.
Handle create_file(const std::string& path, const std::string& final_path);
/// Opens for reading and writing, after completing what a killed writer had begun.
Handle open_file_to_write(const std::string& path);
/// Opens read-only, after completing what a killed writer had begun.
Handle open_file(const std::string& path);
/// Writes everything that is pending. @throws FileTrouble
void flush(const Handle& file);
/// First byte after the last one in use.
std::uint64_t end_of_file(const Handle& file);

/// A group whose links keep their order of creation.
Handle create_group(hid_t parent, const std::string& name);
Handle open_group(hid_t parent, const std::string& name);
Handle open_dataset(hid_t parent, const std::string& name);
Handle simple_space(std::initializer_list<hsize_t> sizes, bool first_grows = false);
bool has_link(hid_t parent, const std::string& name);
/// Names of the links of a group, in order of creation.
std::vector<std::string> link_names(hid_t parent);
/// Sizes of a dataset; empty for a scalar.
std::vector<hsize_t> extent(hid_t dataset);

/// Fixed-length, null-terminated UTF-8 of `length` characters (of the text itself if 0).
Handle text_type(std::size_t length);
void write_attribute(hid_t object, const std::string& name, const std::string& text);
void write_attribute(hid_t object, const std::string& name, double value);
void write_attribute(hid_t object, const std::string& name, std::int64_t value);
void write_attribute(hid_t object, const std::string& name, std::span<const float> values);
void write_attribute(hid_t object, const std::string& name, std::span<const double> values);
bool has_attribute(hid_t object, const std::string& name);
/// Text of an attribute, empty if it is absent or no text.
std::string text_attribute(hid_t object, const std::string& name);
/// Numbers of an attribute, empty if it is absent or no number.
std::vector<double> number_attribute(hid_t object, const std::string& name);
std::int64_t integer_attribute(hid_t object, const std::string& name, std::int64_t fallback);

/// A text of any length as a scalar dataset; an older one of that name is replaced.
void write_text(hid_t parent, const std::string& name, const std::string& text);
/// Text dataset, empty if there is none.
std::string read_text(hid_t parent, const std::string& name);

/// A list as a one-dimensional dataset; an older one of that name is replaced. Empty lists are stored.
void write_list(hid_t parent, const std::string& name, std::span<const double> values);
void write_list(hid_t parent, const std::string& name, std::span<const std::int64_t> values);
void write_list(hid_t parent, const std::string& name, std::span<const std::byte> values);
std::vector<double> read_doubles(hid_t parent, const std::string& name);
std::vector<std::int64_t> read_integers(hid_t parent, const std::string& name);
/// Fills `bytes` exactly. @throws FileTrouble if the stored length differs
void read_bytes(hid_t parent, const std::string& name, std::span<std::byte> bytes);

}  // namespace dvinis::hdf5
