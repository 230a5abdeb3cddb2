// gateway/record/item_groups.cpp - unification and order of list items.
#include "gateway/record/item_groups.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <string>
#include <tuple>

#include "gateway/base/time.hpp"
#include "gateway/record/patch_state.hpp"

namespace caseway {
namespace {

struct Candidate {
    ItemGroup group;
    Subject lead;  ///< of the item that the others joined
    std::int64_t seq = std::numeric_limits<std::int64_t>::max();
    std::int64_t earliest = std::numeric_limits<std::int64_t>::max();
};

class Grouping {
public:
    Grouping(const CaseState& state, const Standing& standing, Section list)
        : state_(state), standing_(standing), keys_(naturalKeysOf(list)) {}

    /// Items come in ascending rank: all that a later one could join are there before it.
    void add(std::uint32_t first, std::uint32_t end) {
        const Subject& subject = state_.statements[first].subject;
        if (subject.rank != 0 && subject.rank < keys_.size()) {
            if (subject.rank != indexed_rank_) index(subject.rank);
            if (const auto known = by_key_.find(subject.name); known != by_key_.end()) {
                auto& statements = found_[known->second].group.statements;
                for (std::uint32_t at = first; at != end; ++at) statements.push_back(at);
                std::stable_sort(statements.begin(), statements.end(), [&](std::uint32_t a, std::uint32_t b) {
                    return state_.statements[a].subject.field < state_.statements[b].subject.field;
                });
                return;
            }
        }
        Candidate& candidate = found_.emplace_back();
        candidate.lead = subject;
        candidate.group.statements.reserve(end - first);
        for (std::uint32_t at = first; at != end; ++at) candidate.group.statements.push_back(at);
    }

    std::vector<ItemGroup> ordered() {
        for (Candidate& candidate : found_) place(candidate);
        std::stable_sort(found_.begin(), found_.end(), [](const Candidate& a, const Candidate& b) {
            return std::tie(a.seq, a.earliest, a.lead) < std::tie(b.seq, b.earliest, b.lead);
        });
        std::vector<ItemGroup> groups;
        groups.reserve(found_.size());
        for (Candidate& candidate : found_) groups.push_back(std::move(candidate.group));
        return groups;
    }

private:
    /// The values of an item as they stand, ascending by field.
    void valuesOf(const ItemGroup& group) {
        values_.clear();
        std::size_t at = 0;
        while (at != group.statements.size()) {
            const FieldId field = state_.statements[group.statements[at]].subject.field;
            candidates_.clear();
            for (; at != group.statements.size() && state_.statements[group.statements[at]].subject.field == field;
                 ++at)
                candidates_.push_back(group.statements[at]);
            const Statement& stands = state_.statements[standing_.pick(candidates_)];
            if (stands.kind != ValueKind::Cleared) values_.push_back({field, stands.kind, stands.text});
        }
    }

    void index(std::uint8_t rank) {
        indexed_rank_ = rank;
        by_key_.clear();
        for (std::size_t i = 0; i < found_.size(); ++i) {
            valuesOf(found_[i].group);
            std::string key;
            if (appendNaturalKey(keys_[rank], values_, key)) by_key_.emplace(std::move(key), i);
        }
    }

    void place(Candidate& candidate) {
        valuesOf(candidate.group);
        if (candidate.lead.rank == 0 && infoOf(keys_[0].front()).type == FieldType::Integer) {
            for (const FieldValue& value : values_)
                if (value.field == keys_[0].front())
                    std::from_chars(value.text.data(), value.text.data() + value.text.size(), candidate.seq);
            return;
        }
        for (const FieldValue& value : values_) {
            if (!isEventTime(value.field)) continue;
            if (const auto time = parseRfc3339(value.text))
                candidate.earliest = std::min<std::int64_t>(candidate.earliest, time->time_since_epoch().count());
        }
    }

    const CaseState& state_;
    const Standing& standing_;
    std::span<const std::span<const FieldId>> keys_;
    std::vector<Candidate> found_;
    std::map<std::string, std::size_t, std::less<>> by_key_;
    std::uint8_t indexed_rank_ = 0;
    std::vector<FieldValue> values_;
    std::vector<std::uint32_t> candidates_;
};

}  // namespace

std::vector<ItemGroup> groupItems(const CaseState& state, const Standing& standing, Section list, std::uint32_t first,
                                  std::uint32_t end) {
    Grouping grouping(state, standing, list);
    while (first != end) {
        std::uint32_t next = first + 1;
        while (next != end && state.statements[next].subject.sameItem(state.statements[first].subject)) ++next;
        grouping.add(first, next);
        first = next;
    }
    return grouping.ordered();
}

}  // namespace caseway
