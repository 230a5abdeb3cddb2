// gateway/cli/given_fields.cpp - fields that gave nothing.
#include "gateway/cli/given_fields.hpp"

#include <fmt/format.h>

#include "gateway/normalize/typed_reader.hpp"

namespace caseway {

void GivenFields::note(const CasePatch& patch) {
    for (const auto& one : patch.fields) fields_[static_cast<std::size_t>(one.field)] = true;
    for (const auto& one : patch.item_fields) fields_[static_cast<std::size_t>(one.field)] = true;
    for (const auto& one : patch.items) lists_.insert(one.list);
    for (const auto& one : patch.extra)
        if (!extra_.contains(one.name)) extra_.emplace(one.name);
}

std::vector<std::string> GivenFields::notes(const MappingSpec& spec, std::uint64_t records) const {
    std::vector<std::string> notes;
    std::set<std::string> told;
    if (records == 0) return notes;
    const auto tell = [&](const std::string& where, const std::string& expression, int line) {
        if (told.insert(where).second)
            notes.push_back(
                fmt::format("note: {}: `{}` gave nothing in {} records (line {})", where, expression, records, line));
    };
    const auto tellFields = [&](const std::vector<FieldSpec>& fields) {
        for (const FieldSpec& one : fields) {
            const bool given =
                one.field ? fields_[static_cast<std::size_t>(*one.field)] : extra_.contains(one.extra_name);
            if (!given && !one.expression.empty()) tell(placeOf(one), one.expression, one.place.lineOf("from"));
        }
    };
    for (const KindSpec& kind : spec.kinds) {
        tellFields(kind.fields);
        for (const ListSpec& list : kind.lists) {
            if (lists_.contains(list.list))
                tellFields(list.fields);
            else
                tell("fields." + std::string(nameOf(list.list)) + ".each", list.each, list.place.lineOf("each"));
        }
    }
    return notes;
}

}  // namespace caseway
