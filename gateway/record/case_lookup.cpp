// gateway/record/case_lookup.cpp - look-ups through aliases.
#include "gateway/record/case_lookup.hpp"

#include "gateway/base/fault.hpp"
#include "gateway/record/state_codec.hpp"

namespace caseway {

bool isAlias(const CaseRow& row) {
    return aliasTarget(row.state).has_value();
}

CaseRow behindAlias(StoreReader& store, CaseRow row) {
    constexpr int kLongestChain = 8;  // an alias of an alias needs two mergers; more is a loop
    for (int hops = 0; hops < kLongestChain; ++hops) {
        const auto target = aliasTarget(row.state);
        if (!target) return row;
        auto next = store.caseById(*target);
        if (!next) break;
        row = std::move(*next);
    }
    throw Fault(FaultCode::StoreCorrupt, "case " + std::to_string(row.id) + ": its alias leads nowhere");
}

std::optional<CaseRow> caseOfSource(StoreReader& store, const SystemId& system, std::string_view source_case_no) {
    auto row = store.caseBySource(system, source_case_no);
    if (!row) return std::nullopt;
    return behindAlias(store, std::move(*row));
}

std::optional<CaseRow> caseOfNumber(StoreReader& store, const CaseNumbers& numbers, std::string_view case_no) {
    auto row = store.caseByNo(case_no);
    if (!row)
        if (const auto id = numbers.idOf(case_no)) row = store.caseById(*id);
    if (!row) return std::nullopt;
    return behindAlias(store, std::move(*row));
}

}  // namespace caseway
