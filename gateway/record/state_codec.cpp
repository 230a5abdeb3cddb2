// gateway/record/state_codec.cpp - writing and strictly reading the state of a case.
#include "gateway/record/state_codec.hpp"

#include <algorithm>
#include <limits>

#include "gateway/base/check.hpp"
#include "gateway/record/state_bytes.hpp"
#include "gateway/record/state_field_codes.hpp"

namespace caseway {
namespace {

constexpr std::string_view kCaseMark = "CR\x01";
constexpr std::string_view kSoleRecordMark = "CR\x02";  ///< the digest of the one record, then as above up to the stamp
constexpr std::string_view kAliasMark = "CA\x01";
constexpr auto kUnused = std::numeric_limits<std::uint32_t>::max();

/// The stamps and systems in use, in their canonical order, and where each old one went.
struct UsedStamps {
    std::vector<std::uint32_t> order;      ///< old stamp indices, sorted, equal ones once
    std::vector<std::uint32_t> new_index;  ///< old stamp -> new
    std::vector<std::uint32_t> systems;    ///< old system indices, sorted by id

    explicit UsedStamps(const CaseState& state);
};

UsedStamps::UsedStamps(const CaseState& state) : new_index(state.stamps.size(), kUnused) {
    for (const Statement& statement : state.statements) {
        if (new_index[statement.stamp] != kUnused) continue;
        new_index[statement.stamp] = 0;
        order.push_back(statement.stamp);
    }
    const auto compare = [&](std::uint32_t a, std::uint32_t b) {
        const Stamp& left = state.stamps[a];
        const Stamp& right = state.stamps[b];
        if (left.system != right.system) return state.systems[left.system].id <=> state.systems[right.system].id;
        return orderWithinSystem(left, right);
    };
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return compare(a, b) < 0; });
    std::size_t kept = 0;
    for (const std::uint32_t stamp : order) {
        if (kept == 0 || compare(order[kept - 1], stamp) != 0) order[kept++] = stamp;
        new_index[stamp] = static_cast<std::uint32_t>(kept - 1);
        const std::uint32_t system = state.stamps[stamp].system;
        if (systems.empty() || systems.back() != system) systems.push_back(system);
    }
    order.resize(kept);
}

void putStamp(const Stamp& stamp, std::uint32_t system, std::string& out) {
    putVarint(system, out);
    putVarint(stamp.data_version, out);
    putSigned(stamp.business_time.time_since_epoch().count(), out);
    putSigned(stamp.sent_at.time_since_epoch().count(), out);
    const auto& id = stamp.message_id.bytes();
    out.append(reinterpret_cast<const char*>(id.data()), id.size());
    putVarint(stamp.record, out);
    putVarint(stamp.index, out);
}

void putSystem(const StatingSystem& system, std::string& out) {
    putCounted(system.id, out);
    out.push_back(system.of_owner_department ? 1 : 0);
}

void putStamps(const CaseState& state, const UsedStamps& used, std::string& out) {
    putVarint(used.systems.size(), out);
    for (const std::uint32_t system : used.systems) putSystem(state.systems[system], out);
    putVarint(used.order.size(), out);
    std::uint32_t at = 0;
    for (const std::uint32_t stamp : used.order) {
        while (used.systems[at] != state.stamps[stamp].system) ++at;
        putStamp(state.stamps[stamp], at, out);
    }
}

bool isItem(const Statement& statement) {
    return isList(statement.subject.list);
}

void putStatement(const Statement& statement, const UsedStamps& used, std::string& out) {
    if (statement.subject.list == Section::Extra)
        putCounted(statement.subject.name, out);
    else
        putVarint(codeOf(statement.subject.field), out);
    putVarint(used.new_index[statement.stamp], out);
    out.push_back(static_cast<char>(statement.kind));
    putCounted(statement.text, out);
}

using StatementIt = std::vector<Statement>::const_iterator;

void putRun(StatementIt from, StatementIt to, const UsedStamps& used, std::string& out) {
    putVarint(static_cast<std::uint64_t>(to - from), out);
    for (; from != to; ++from) putStatement(*from, used, out);
}

StatementIt endOfItem(StatementIt from, StatementIt end) {
    return std::find_if(from, end, [&](const Statement& other) { return !other.subject.sameItem(from->subject); });
}

void putItems(StatementIt from, StatementIt to, const UsedStamps& used, std::string& out) {
    std::uint64_t items = 0;
    for (auto at = from; at != to; at = endOfItem(at, to)) ++items;
    putVarint(items, out);
    while (from != to) {
        const auto end = endOfItem(from, to);
        out.push_back(static_cast<char>(codeOf(from->subject.list)));
        out.push_back(static_cast<char>(from->subject.rank));
        putCounted(from->subject.name, out);
        putRun(from, end, used, out);
        from = end;
    }
}

// Reading ----------------------------------------------------------------------------------------------------------

bool readSystems(StateBytes& in, CaseState& state) {
    const std::uint64_t systems = in.count(2);
    for (std::uint64_t i = 0; i < systems && in.ok(); ++i) {
        StatingSystem system{.id = in.counted()};
        const std::uint8_t flag = in.byte();
        system.of_owner_department = flag == 1;
        if (flag > 1 || (i != 0 && state.systems.back().id >= system.id)) in.fail();
        state.systems.push_back(system);
    }
    return in.ok();
}

Instant readInstant(StateBytes& in) {
    return Instant{Instant::duration{in.signedVarint()}};
}

bool readStamps(StateBytes& in, CaseState& state) {
    const std::uint64_t stamps = in.count(22);
    state.stamps.reserve(stamps + 1);
    for (std::uint64_t i = 0; i < stamps && in.ok(); ++i) {
        Stamp stamp;
        const std::uint64_t system = in.varint();
        stamp.data_version = in.varint();
        stamp.business_time = readInstant(in);
        stamp.sent_at = readInstant(in);
        std::array<std::uint8_t, 16> id{};
        if (const auto bytes = in.bytes(id.size()); bytes.size() == id.size())
            std::copy(bytes.begin(), bytes.end(), id.begin());
        stamp.message_id = MessageId::fromBytes(id);
        stamp.record = in.varint();
        stamp.index = in.varint();
        if (system >= state.systems.size()) in.fail();
        stamp.system = static_cast<std::uint32_t>(system);
        if (i != 0) {
            const Stamp& last = state.stamps.back();
            if (last.system > stamp.system || (last.system == stamp.system && orderWithinSystem(last, stamp) >= 0))
                in.fail();
        }
        state.stamps.push_back(stamp);
    }
    return in.ok();
}

/// The field must stand where `list` says: no field of a list outside its list.
bool fits(FieldId field, Section list) {
    const Section section = infoOf(field).section;
    return list == Section::Case ? !isList(section) : section == list;
}

void readStatement(StateBytes& in, Subject subject, CaseState& state) {
    if (subject.list == Section::Extra) {
        subject.name = in.counted();
    } else {
        const auto field = fieldOfCode(in.varint());
        if (!field || !fits(*field, subject.list)) return in.fail();
        subject.field = *field;
    }
    const std::uint64_t stamp = in.varint();
    const std::uint8_t kind = in.byte();
    const std::string_view text = in.counted();
    if (stamp >= state.stamps.size() || kind > static_cast<std::uint8_t>(ValueKind::Cleared)) return in.fail();
    Statement statement{subject, static_cast<std::uint32_t>(stamp), static_cast<ValueKind>(kind), text};
    if (statement.kind == ValueKind::Cleared && !text.empty()) return in.fail();
    if (!state.statements.empty()) {
        const Statement& last = state.statements.back();
        const auto order = last.subject <=> subject;
        if (order > 0 || (order == 0 && state.stamps[last.stamp].system >= state.stamps[stamp].system))
            return in.fail();
    }
    state.statements.push_back(statement);
}

void readRun(StateBytes& in, const Subject& subject, CaseState& state) {
    const std::uint64_t statements = in.count(4);
    state.statements.reserve(state.statements.size() + statements);
    for (std::uint64_t i = 0; i < statements && in.ok(); ++i) readStatement(in, subject, state);
}

void readItems(StateBytes& in, CaseState& state) {
    const std::uint64_t items = in.count(8);
    for (std::uint64_t i = 0; i < items && in.ok(); ++i) {
        const auto list = listOfCode(in.byte());
        if (!list) return in.fail();
        Subject subject{.list = *list, .rank = in.byte()};
        subject.name = in.counted();
        const std::size_t before = state.statements.size();
        if (before != 0 && state.statements.back().subject.sameItem(subject)) return in.fail();
        readRun(in, subject, state);
        if (state.statements.size() == before) in.fail();
    }
}

/// Every system and every stamp must be used, or a second text would mean the same state.
bool allUsed(const CaseState& state) {
    std::vector<bool> stamps(state.stamps.size()), systems(state.systems.size());
    for (const Statement& statement : state.statements) {
        stamps[statement.stamp] = true;
        systems[state.stamps[statement.stamp].system] = true;
    }
    const auto isUsed = [](bool used) { return used; };
    return std::all_of(stamps.begin(), stamps.end(), isUsed) && std::all_of(systems.begin(), systems.end(), isUsed);
}

/// Department, systems, stamps.
bool readHead(StateBytes& in, CaseState& state) {
    state.owner_department = in.counted();
    return readSystems(in, state) && readStamps(in, state);
}

}  // namespace

void encodeState(const CaseState& state, std::string& out) {
    if (!state.sole_record) return encodeWhole(state, out);
    const std::uint32_t stamp = state.statements.empty() ? 0 : state.statements.front().stamp;
    const StatingSystem& system = state.systems[state.stamps[stamp].system];
    out.append(kSoleRecordMark);
    out.append(textOf(ByteView(*state.sole_record)));
    putCounted(state.owner_department, out);
    putVarint(1, out);
    putSystem(system, out);
    putVarint(1, out);
    putStamp(state.stamps[stamp], 0, out);
}

void encodeWhole(const CaseState& state, std::string& out) {
    const UsedStamps used(state);
    out.append(kCaseMark);
    putCounted(state.owner_department, out);
    putStamps(state, used, out);
    const auto items = std::find_if(state.statements.begin(), state.statements.end(),
                                    [](const Statement& s) { return s.subject.list != Section::Case; });
    const auto extra = std::find_if_not(items, state.statements.end(), isItem);
    putRun(state.statements.begin(), items, used, out);
    putItems(items, extra, used, out);
    putRun(extra, state.statements.end(), used, out);
}

bool decodeState(std::string_view bytes, CaseState& state) {
    state.clear();
    StateBytes in(bytes);
    const bool has_head = in.bytes(kCaseMark.size()) == kCaseMark && readHead(in, state);
    if (has_head) {
        readRun(in, Subject{}, state);
        readItems(in, state);
        readRun(in, Subject{.list = Section::Extra}, state);
    }
    if (has_head && in.ok() && in.atEnd() && allUsed(state)) return true;
    state.clear();
    return false;
}

bool decodeSoleRecord(std::string_view bytes, CaseState& state) {
    state.clear();
    if (!bytes.starts_with(kSoleRecordMark)) return false;
    StateBytes in(bytes.substr(kSoleRecordMark.size()));
    Sha256& digest = state.sole_record.emplace();
    if (const auto told = in.bytes(digest.bytes.size()); told.size() == digest.bytes.size())
        std::copy(told.begin(), told.end(), digest.bytes.begin());
    if (readHead(in, state) && in.atEnd() && state.systems.size() == 1 && state.stamps.size() == 1) return true;
    state.clear();
    return false;
}

std::string encodeAlias(CaseId target) {
    std::string out(kAliasMark);
    putVarint(static_cast<std::uint64_t>(target), out);
    return out;
}

std::optional<CaseId> aliasTarget(std::string_view bytes) {
    if (!bytes.starts_with(kAliasMark)) return std::nullopt;
    StateBytes in(bytes.substr(kAliasMark.size()));
    const auto target = static_cast<CaseId>(in.varint());
    if (!in.ok() || !in.atEnd() || target < 1) return std::nullopt;
    return target;
}

}  // namespace caseway
