// gateway/record/value_worth.cpp - times as instants, to the microsecond as everywhere; amounts without their last
// zeros.
#include "gateway/record/value_worth.hpp"

#include "gateway/base/time.hpp"

namespace caseway {
namespace {

std::string_view withoutLastZeros(std::string_view amount) {
    if (amount.find('.') == std::string_view::npos) return amount;
    while (amount.ends_with('0')) amount.remove_suffix(1);
    if (amount.ends_with('.')) amount.remove_suffix(1);
    return amount;
}

}  // namespace

bool haveSameWorth(FieldId field, std::string_view a, std::string_view b) {
    switch (infoOf(field).type) {
        case FieldType::DateTime: {
            const auto time = parseRfc3339(a);
            return time && time == parseRfc3339(b);
        }
        case FieldType::Money:
            return withoutLastZeros(a) == withoutLastZeros(b);
        default:
            return false;
    }
}

std::string worthOf(FieldId field, std::string_view text) {
    const FieldType type = infoOf(field).type;
    if (type == FieldType::Money) return std::string(withoutLastZeros(text));
    const auto time = type == FieldType::DateTime ? parseRfc3339(text) : std::nullopt;
    return time ? std::to_string(time->time_since_epoch().count()) : std::string(text);
}

}  // namespace caseway
