// gateway/audit/records_verifier.cpp - first in the order of the log, then case by case.
#include "gateway/audit/records_verifier.hpp"

#include "gateway/audit/case_audit.hpp"
#include "gateway/audit/history_audit.hpp"
#include "gateway/audit/register_audit.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPage = 1000;

}  // namespace

RecordsReport verifyRecords(StoreSnapshot& store, Findings& findings,
                            const std::function<void(std::string_view, std::uint64_t)>& progress) {
    MessageFactsReader facts(store);
    Vouched vouched;
    HistoryAudit history(store, facts, vouched, findings);
    RegisterAudit changes(store, findings);
    std::optional<StoredKey> last;
    for (auto page = store.keys(StoreTable::Leaf, last, kPage); !page.empty();
         page = store.keys(StoreTable::Leaf, last, kPage)) {
        for (const StoredKey& key : page) {
            if (facts.of(key.first) != nullptr) {
                history.message(key.first);
            } else {
                history.leaf(key.first);
                changes.leaf(key.first);
            }
        }
        last = page.back();
        if (progress) progress("records", history.records());
    }
    history.finish();
    changes.finish();
    CaseAudit cases(store, facts, vouched, findings);
    cases.run([&](std::uint64_t rows) {
        if (progress) progress("cases", rows);
    });
    return {history.records(), vouched.changes.size(), cases.cases()};
}

}  // namespace caseway
