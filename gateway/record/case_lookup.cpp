// gateway/record/case_lookup.cpp - look-ups through aliases.
#include "gateway/record/case_lookup.hpp"

#include <algorithm>

#include "gateway/base/fault.hpp"
#include "gateway/record/state_codec.hpp"

namespace caseway {
namespace {

/// Of all rows that a system has under one number of its own.
std::vector<CaseId> idsOf(StoreReader& store, const SystemId& system, std::string_view source_case_no) {
    constexpr std::size_t kAtOnce = 16;
    std::vector<CaseId> ids;
    CaseKey after{std::string(source_case_no), 0};
    for (bool more = true; more;) {
        const auto keys = store.caseKeys(system, after, kAtOnce);
        for (const CaseKey& key : keys)
            if (key.source_case_no == source_case_no) ids.push_back(key.id);
        more = keys.size() == kAtOnce && keys.back().source_case_no == source_case_no;
        if (more) after = keys.back();
    }
    return ids;
}

}  // namespace

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

std::vector<CaseRow> casesBehindAliases(StoreReader& store, const KeyRing& known, const CaseFilter& filter) {
    std::vector<CaseRow> cases;
    for (const RegisteredSystem* system : known.allSystems())
        for (const CaseId id : idsOf(store, system->id, filter.source_case_no)) {
            auto row = store.caseById(id);
            if (!row || !isAlias(*row)) continue;
            *row = behindAlias(store, std::move(*row));
            const bool is_listed = row->source_case_no == filter.source_case_no;
            const bool is_asked_for =
                (filter.include_deleted || !row->deleted) && (filter.status.empty() || filter.status == row->status);
            if (!is_listed && is_asked_for) cases.push_back(std::move(*row));
        }
    std::sort(cases.begin(), cases.end(), [](const CaseRow& a, const CaseRow& b) { return a.id < b.id; });
    const auto same = [](const CaseRow& a, const CaseRow& b) { return a.id == b.id; };
    cases.erase(std::unique(cases.begin(), cases.end(), same), cases.end());
    return cases;
}

std::optional<CaseRow> caseOfNumber(StoreReader& store, const CaseNumbers& numbers, std::string_view case_no) {
    auto row = store.caseByNo(case_no);
    if (!row)
        if (const auto id = numbers.idOf(case_no)) row = store.caseById(*id);
    if (!row) return std::nullopt;
    return behindAlias(store, std::move(*row));
}

}  // namespace caseway
