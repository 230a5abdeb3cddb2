// connectors/http/link_field.hpp - the next page in a Link field. Source: RFC 8288 §3.
#pragma once

#include <string>
#include <string_view>

namespace caseway {

/// The target of the first link whose relation types include `next`; empty where there is none.
std::string nextOfLinkField(std::string_view field);

}  // namespace caseway
