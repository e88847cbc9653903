#pragma once
/// A word that validation let pass, as the enumerator at its place in the list of words.

#include <string>
#include <vector>

#include "core/base/error.hpp"

namespace dvinis::flood {

template <class Choice>
Choice choice_of(const std::string& word, const std::vector<std::string>& names) {
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (names[k] == word) return static_cast<Choice>(k);
  }
  throw InternalError("bug: a choice that validation let pass: " + word);
}

}  // namespace dvinis::flood
