// gateway/record/contradiction.cpp - two lists of statements, subject by subject.
#include "gateway/record/contradiction.hpp"

#include "gateway/record/record_fields.hpp"

namespace caseway {
namespace {

bool isOutsideLists(const Statement& statement) {
    return statement.subject.list == Section::Case || statement.subject.list == Section::Extra;
}

/// Its newest record in the order of its system.
const Stamp* newestOf(std::string_view system, const std::vector<Statement>& former, const CaseState& joined,
                      LogIndex since) {
    const Stamp* newest = nullptr;
    for (const Statement& statement : former) {
        const Stamp& stamp = joined.stamps[statement.stamp];
        if (stamp.index < since || joined.systems[stamp.system].id != system) continue;
        if (newest == nullptr || orderWithinSystem(stamp, *newest) > 0) newest = &stamp;
    }
    return newest;
}

/// A record without an event time of its own bears that of its message.
bool hasTime(const Stamp& stamp) {
    return stamp.business_time != stamp.sent_at;
}

bool isNoNewer(const Stamp& said, const Stamp& before) {
    if (said.data_version != before.data_version || hasTime(said) != hasTime(before)) return false;
    return !hasTime(said) || said.business_time == before.business_time;
}

}  // namespace

std::optional<LogIndex> contradicted(const std::vector<Statement>& former, const CaseState& joined,
                                     const CaseState& said, LogIndex since) {
    if (said.stamps.empty() || said.systems.empty()) return std::nullopt;
    const Stamp* const before = newestOf(said.systems.front().id, former, joined, since);
    if (before == nullptr || !isNoNewer(said.stamps.front(), *before)) return std::nullopt;
    const auto isOf = [&](const Statement& statement) {
        const Stamp& stamp = joined.stamps[statement.stamp];
        return isOutsideLists(statement) && stamp.system == before->system && stamp.index == before->index &&
               stamp.record == before->record;
    };
    bool differs = false;
    auto next = former.begin();
    for (const Statement& now : said.statements) {
        if (!isOutsideLists(now)) continue;
        while (next != former.end() && !isOf(*next)) ++next;
        if (next == former.end() || next->subject != now.subject) return std::nullopt;
        const bool is_same = now.sameValue(*next++);
        if (!is_same && now.subject.list == Section::Case && now.subject.field == recordFields().operation)
            return std::nullopt;
        differs = differs || !is_same;
    }
    while (next != former.end() && !isOf(*next)) ++next;
    return differs && next == former.end() ? std::optional(before->index) : std::nullopt;
}

}  // namespace caseway
