#pragma once
/// Words about keys that validation, schema and reference page share.

#include <string>

#include "core/base/settings.hpp"

namespace dvinis {

/// "a number with a unit that converts to m3/s", "one of error, hold", "a list".
std::string expected_text(const KeyInfo& key);

/// "0 m to 10 m", "at least 0", "above 0 s", "error, hold"; empty if anything goes.
std::string allowed_text(const KeyInfo& key);

/// `text` on one line and at most 60 characters long, in single quotes.
std::string quoted(const std::string& text);

/// Items of a fallback such as "[a, b]".
std::vector<std::string> fallback_items(const std::string& fallback);

/// The unnamed first key, if there is one: what a scalar in this place must be.
const KeyInfo* scalar_form(const KeyTable& keys);

/// Keys of the map form in this place.
KeyTable map_form(const KeyTable& keys);

}  // namespace dvinis
