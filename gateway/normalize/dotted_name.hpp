// gateway/normalize/dotted_name.hpp - how a mapping names a field of the record: "status", "accept.accept_time".
#pragma once

#include <fmt/format.h>

#include <string>

#include "gateway/domain/case_schema.hpp"

namespace caseway {

inline std::string mappingNameOf(FieldId id) {
    const FieldInfo& info = infoOf(id);
    const std::string_view section = nameOf(info.section);
    return section.empty() ? std::string(info.name) : fmt::format("{}.{}", section, info.name);
}

}  // namespace caseway
