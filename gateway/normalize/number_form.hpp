// gateway/normalize/number_form.hpp - numbers, amounts and truth values as departments write them, made canonical. What
// could mean two things ("1,234") is not read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caseway {

/// "007" is 7; no fraction, no exponent, no plus. A view into `text`; nothing where it is not a whole number.
std::optional<std::string_view> canonicalInteger(std::string_view text);

/// An amount in yuan: digits, at most two decimals that count ("12.5000" is "12.50"), leading zeros dropped, the scale
/// kept as written. `out` is used where the text must change. Nothing where it is not an amount.
std::optional<std::string_view> canonicalMoney(std::string_view text, std::string& out);

/// true, false, 1, 0, Y, N, 是, 否 (letters in any case); nothing for any other text.
std::optional<bool> readBoolean(std::string_view text);

/// A JSON number in digits where it bears an exponent, or a fraction of zeros alone: `1.68e12` is `1680000000000`, and
/// `15.0` is `15`; `-0` is `0`. As written where it is neither, or would take more than forty digits.
std::string_view plainNumber(std::string_view literal, std::string& out);

/// The same of a JSON number for a text: a whole number in digits. As written where it has a fraction, and where an
/// exponent stands for more than fifteen digits: who wrote that has lost some.
std::string_view wholeNumber(std::string_view literal, std::string& out);

/// A JSON number as RFC 8785 writes it; nothing where a double cannot hold it as written (it would lose digits).
std::optional<std::string_view> canonicalNumber(std::string_view literal, std::string& out);

/// Appends a number for an array of `extra`: canonical where that keeps its value, else as a JSON text, as written.
void appendExactNumber(std::string_view literal, std::string& out);

}  // namespace caseway
