// gateway/normalize/chinese_time.hpp - words of a Chinese time that stand for others: 号 for 日, 点 for 时, 上午 and
// 下午. Only what has one meaning is written otherwise; which form it then has is for date_reader.hpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace caseway {

/// "2026年5月1日 15时30分" of "2026年5月1号 下午3点30分". Nothing where none of the words stands there, or where they
/// leave a doubt: 上午12时 may be noon or midnight.
std::optional<std::string> inPlainWords(std::string_view text);

}  // namespace caseway
