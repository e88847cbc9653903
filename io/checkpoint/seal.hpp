#pragma once
/// A checksum behind the last byte of a file: the mark that it is complete and unharmed, read before any
/// library looks inside.

#include <string>

namespace dvinis {

/// Appends the SHA-256 of everything the file holds and waits until all of it is on the disk.
/// @throws FileTrouble
void seal_file(const std::string& path);

/// @throws FileTrouble if the file has no seal or its content does not fit it
void expect_seal(const std::string& path);

}  // namespace dvinis
