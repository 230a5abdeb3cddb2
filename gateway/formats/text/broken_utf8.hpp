// gateway/formats/text/broken_utf8.hpp - text that is no UTF-8 only because characters of it were cut, as columns that
// are limited in bytes do: nearly every such text looks like GB 18030, and would be read as other characters.
#pragma once

#include <cstddef>

#include "gateway/base/byte_source.hpp"

namespace caseway {

/// Whether `source`, whose first byte that is no UTF-8 stands at `broken_at`, was meant to be it: three Chinese
/// characters of UTF-8 stand before that byte (in the bytes of a GBK text about once in a million), or in all of a text
/// whose other characters are whole, or cut before a sign of ASCII. Leaves the source wherever it is then.
bool isBrokenUtf8(ByteSource& source, std::size_t broken_at);

}  // namespace caseway
