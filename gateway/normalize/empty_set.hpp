// gateway/normalize/empty_set.hpp - a payload without a record: is the place of its records there, and empty? Else the
// form has changed, and nobody may take it for a quiet night.
#pragma once

#include "gateway/base/byte_source.hpp"
#include "gateway/base/limits.hpp"
#include "gateway/normalize/plan.hpp"

namespace caseway {

/// Reads `utf8` once more. A list without an element (JSON), an element without anything in it (XML), where `records`
/// of one of the kinds is a plain path to what would stand there; and none of these has anything else in it.
bool isEmptySet(const Mapping::Plan& plan, ByteSource& utf8, const Limits& limits);

}  // namespace caseway
