// gateway/cli/given_fields.cpp - fields that gave nothing.
#include "gateway/cli/given_fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/normalize/typed_reader.hpp"

namespace caseway {

void GivenFields::note(const CasePatch& patch) {
    for (const auto& one : patch.fields) fields_[static_cast<std::size_t>(one.field)] = true;
    for (const auto& one : patch.item_fields) fields_[static_cast<std::size_t>(one.field)] = true;
    for (const auto& one : patch.items) lists_.insert(one.list);
    for (const auto& one : patch.extra)
        if (!extra_.contains(one.name)) extra_.emplace(one.name);
}

std::vector<std::string> GivenFields::notes(const MappingSpec& spec,
                                            const std::vector<std::uint64_t>& mapped_by_kind) const {
    struct Silent {
        std::string where, expression;
        int line;
        std::uint64_t records;
    };
    std::vector<Silent> silent;  // a common field stands in each kind, and is told once
    std::uint64_t records = 0;   // of the kind that is looked at
    std::set<std::string> told;  // of that kind: of alternatives the first
    const auto tell = [&](const std::string& where, const std::string& expression, int line) {
        if (!told.insert(where).second) return;
        const auto known =
            std::find_if(silent.begin(), silent.end(), [&](const Silent& one) { return one.where == where; });
        if (known == silent.end())
            silent.push_back({where, expression, line, records});
        else
            known->records += records;
    };
    const auto tellFields = [&](const std::vector<FieldSpec>& fields) {
        for (const FieldSpec& one : fields) {
            if (one.unfit_of) continue;  // it takes only what did not fit elsewhere: nothing there is as it should be
            const bool given =
                one.field ? fields_[static_cast<std::size_t>(*one.field)] : extra_.contains(one.extra_name);
            if (!given && !one.expression.empty()) tell(placeOf(one), one.expression, one.place.lineOf("from"));
        }
    };
    for (std::size_t i = 0; i < spec.kinds.size() && i < mapped_by_kind.size(); ++i) {
        if ((records = mapped_by_kind[i]) == 0) continue;
        told.clear();
        tellFields(spec.kinds[i].fields);
        for (const ListSpec& list : spec.kinds[i].lists) {
            if (lists_.contains(list.list))
                tellFields(list.fields);
            else
                tell("fields." + std::string(nameOf(list.list)) + ".each", list.each, list.place.lineOf("each"));
        }
    }
    std::vector<std::string> notes;
    for (const Silent& one : silent)
        notes.push_back(fmt::format("note: {}: `{}` gave nothing in {} records (line {})", one.where, one.expression,
                                    one.records, one.line));
    return notes;
}

}  // namespace caseway
