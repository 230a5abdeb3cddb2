// connectors/sdk/exchange_folder/name_pattern.hpp - patterns of file names: `*` and `?` over bytes, whatever the
// locale. In time linear in pattern times name, also for hostile ones.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

/// `*`: any bytes, none included; `?`: one byte; letters of ASCII fit each other's capitals. A name that begins with a
/// dot matches only a pattern that does.
bool matchesPattern(std::string_view name, std::string_view pattern);

/// A file's name for people: as it is where it is UTF-8, else read as GB 18030, else its odd bytes as `\xHH`. Control
/// characters as `\xHH` always.
std::string shownName(std::string_view name);

}  // namespace caseway
