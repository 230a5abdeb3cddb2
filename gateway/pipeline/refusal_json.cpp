// gateway/pipeline/refusal_json.cpp - see the header.
#include "gateway/pipeline/refusal_json.hpp"

#include <fmt/format.h>

#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

void member(std::string_view name, std::string_view value, std::string& out) {
    if (value.empty()) return;
    if (out.back() != '{') out += ',';
    appendJsonString(name, out);
    out += ':';
    appendJsonString(value, out);
}

}  // namespace

void appendRefusal(const Refusal& refusal, std::string& out) {
    out += '{';
    member("code", refusal.code, out);
    member("where", refusal.where, out);
    member("value", refusal.value, out);
    member("rule", refusal.rule, out);
    member("hint", refusal.hint, out);
    if (refusal.record) out += fmt::format(",\"record\":{}", *refusal.record);
    out += '}';
}

}  // namespace caseway
