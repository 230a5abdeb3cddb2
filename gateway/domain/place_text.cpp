// gateway/domain/place_text.cpp - a field and a line or pointer, as the mapping's own refusals write them.
#include "gateway/domain/place_text.hpp"

namespace caseway {

std::string placeText(std::string_view field, const RecordPlace& place) {
    std::string text(field);
    const std::string_view between = text.empty() ? "" : ", ";
    if (place.line != 0)
        text.append(between).append("line ").append(std::to_string(place.line));
    else if (!place.pointer.empty())
        text.append(between).append(place.pointer);
    return text;
}

}  // namespace caseway
