// gateway/record/masking.cpp - masking of records.
#include "gateway/record/masking.hpp"

#include "gateway/base/mask.hpp"

namespace caseway {
namespace {

std::string maskedText(ValueKind kind, std::string_view text) {
    return kind == ValueKind::Array ? std::string("***") : masked(text);
}

template <class Value>
void mask(Value& value, TextArena& arena) {
    if (value.kind == ValueKind::Cleared) return;  // nothing stands there
    value.text = arena.keep(maskedText(value.kind, value.text));
    value.kind = ValueKind::String;
    if constexpr (requires { value.is_clean; }) value.is_clean = false;
}

}  // namespace

void maskPersonal(CasePatch& record) {
    for (FieldValue& value : record.fields)
        if (infoOf(value.field).personal) mask(value, record.arena);
    for (FieldValue& value : record.item_fields)
        if (infoOf(value.field).personal) mask(value, record.arena);
    for (ExtraValue& value : record.extra)
        if (value.kind != ValueKind::Boolean) mask(value, record.arena);
}

void maskValue(const Subject& subject, ValueKind& kind, std::string& text) {
    const bool is_extra = subject.list == Section::Extra;
    if (kind == ValueKind::Cleared || (is_extra && kind == ValueKind::Boolean)) return;
    if (!is_extra && !infoOf(subject.field).personal) return;
    text = maskedText(kind, text);
    kind = ValueKind::String;
}

}  // namespace caseway
