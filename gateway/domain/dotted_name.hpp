// gateway/domain/dotted_name.hpp - how a field of the record is named where its section must show.
#pragma once

#include <string>

#include "gateway/domain/case_schema.hpp"

namespace caseway {

/// "status", "accept.accept_time", "steps.opinion".
inline std::string dottedName(FieldId id) {
    const FieldInfo& info = infoOf(id);
    std::string name(nameOf(info.section));
    if (!name.empty()) name += '.';
    return name.append(info.name);
}

}  // namespace caseway
