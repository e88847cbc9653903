#pragma once
/// The words that people read on pictures and pages, in their language: one glossary.

#include <string>

namespace dvinis::viz {

enum class Language { english, latvian };

/// A phrase in a language, by its English text; the English text itself where the glossary lacks it. Phrases
/// may hold places for values, `{}` or `{0}`, for fmt.
std::string say(Language language, const std::string& english);
/// Whether the glossary of a language holds a phrase.
bool knows(Language language, const std::string& english);

/// A number as the language writes it: `text` with its decimal point or comma.
std::string decimal(Language language, std::string text);

}  // namespace dvinis::viz
