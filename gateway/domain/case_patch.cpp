// gateway/domain/case_patch.cpp - the arena and the look-ups of a patch. Its JSON: case_patch_json.cpp.
#include "gateway/domain/case_patch.hpp"

#include <algorithm>
#include <cstring>

namespace caseway {

std::string_view TextArena::keep(std::string_view text) {
    if (text.empty()) return {};
    while (chunk_ < chunks_.size() && chunks_[chunk_].capacity - used_ < text.size()) {
        ++chunk_;
        used_ = 0;
    }
    if (chunk_ == chunks_.size()) {
        const std::size_t next =
            chunks_.empty() ? kFirstChunkBytes : std::min(chunks_.back().capacity * 2, kLargestChunkBytes);
        const std::size_t capacity = std::max(next, text.size());
        chunks_.push_back({std::make_unique<char[]>(capacity), capacity});
        used_ = 0;
    }
    char* place = chunks_[chunk_].bytes.get() + used_;
    std::memcpy(place, text.data(), text.size());
    used_ += text.size();
    return {place, text.size()};
}

void TextArena::clear() {
    chunk_ = 0;
    used_ = 0;
    if (chunks_.size() > 8) chunks_.resize(8);
}

void CasePatch::clear() {
    fields.clear();
    items.clear();
    item_fields.clear();
    extra.clear();
    place = {};
    arena.clear();
}

void CasePatch::copyFrom(const CasePatch& other) {
    clear();
    fields = other.fields;
    items = other.items;
    item_fields = other.item_fields;
    extra = other.extra;
    place = other.place;
    for (FieldValue& value : fields) value.text = arena.keep(value.text);
    for (FieldValue& value : item_fields) value.text = arena.keep(value.text);
    for (ExtraValue& value : extra) {
        value.name = arena.keep(value.name);
        value.text = arena.keep(value.text);
    }
    place.pointer = arena.keep(place.pointer);
}

const FieldValue* CasePatch::find(FieldId field) const {
    const auto at = std::lower_bound(fields.begin(), fields.end(), field,
                                     [](const FieldValue& value, FieldId id) { return value.field < id; });
    return at != fields.end() && at->field == field ? &*at : nullptr;
}

const FieldValue* CasePatch::find(std::string_view dotted_name) const {
    const auto field = fieldNamed(dotted_name);
    return field ? find(*field) : nullptr;
}

}  // namespace caseway
