// gateway/domain/unreadable_record.hpp - how a connector gives a record that its source has and that cannot be read
// whole: as a JSON object of what could be read, with a member that says why. A mapping refuses it by that alone.
#pragma once

#include <string_view>

namespace caseway {

/// Of the object; its value is the reason, a text.
inline constexpr std::string_view kUnreadableMember = "caseway_unreadable";

}  // namespace caseway
