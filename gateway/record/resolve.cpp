// gateway/record/resolve.cpp - from statements to the record.
#include "gateway/record/resolve.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

#include "gateway/record/item_groups.hpp"
#include "gateway/record/record_fields.hpp"
#include "gateway/record/standing.hpp"

namespace caseway {
namespace {

class Resolver {
public:
    Resolver(const CaseState& state, std::string_view owner, ResolvedCase& out)
        : state_(state), owner_(owner), standing_(state, owner), out_(out) {}

    void run() {
        std::uint32_t at = 0;
        const auto end = static_cast<std::uint32_t>(state_.statements.size());
        while (at != end && listAt(at) == Section::Case) at = field(at);
        while (at != end && listAt(at) != Section::Extra) at = list(at);
        while (at != end) at = extra(at);
    }

private:
    Section listAt(std::uint32_t at) const { return state_.statements[at].subject.list; }

    /// Puts the statements about the subject at `at` into candidates_; returns the first of the next subject.
    std::uint32_t gather(std::uint32_t at) {
        candidates_.clear();
        const Subject& subject = state_.statements[at].subject;
        for (; at != state_.statements.size() && state_.statements[at].subject == subject; ++at)
            candidates_.push_back(at);
        return at;
    }

    /// The statement that stands, its rivals noted as disagreements at `spot`.
    const Statement& settle(const RecordSpot& spot, std::uint32_t& from) {
        from = standing_.pick(candidates_);
        const Statement& stands = state_.statements[from];
        for (const std::uint32_t other : candidates_)
            if (other != from && !state_.statements[other].sameValue(stands) && !isOwnToEachSystem(spot))
                out_.disagreements.push_back({.spot = spot, .standing = from, .other = other});
        return stands;
    }

    bool deletes(std::uint32_t at) const { return state_.statements[at].text == "D"; }

    /// A system that stands above others and reports the case says by that alone that the case is there: their D is set
    /// aside. I and U are each system's own way of counting; whether the case exists is not.
    std::uint32_t operation(std::uint32_t at) {
        const RecordSpot spot{.field = state_.statements[at].subject.field};
        const std::uint32_t next = gather(at);
        const bool any_deletes =
            std::any_of(candidates_.begin(), candidates_.end(), [&](auto one) { return deletes(one); });
        const std::uint8_t highest = any_deletes ? standing_.highestRank() : 0;
        const auto foreign = [&](std::uint32_t one) { return deletes(one) && standing_.rankOf(one) != highest; };
        const auto counting = std::stable_partition(candidates_.begin(), candidates_.end(), std::not_fn(foreign));
        aside_.assign(counting, candidates_.end());
        candidates_.erase(counting, candidates_.end());
        std::uint32_t from = 0;
        if (candidates_.empty()) {
            from = newestOf(highest);
            for (const std::uint32_t other : aside_)
                out_.disagreements.push_back({.spot = spot, .standing = from, .other = other, .by_silence = true});
            return next;
        }
        const Statement& stands = settle(spot, from);
        aside_.insert(aside_.end(), candidates_.begin(), candidates_.end());
        for (const std::uint32_t other : aside_)
            if (deletes(other) != deletes(from))
                out_.disagreements.push_back({.spot = spot, .standing = from, .other = other});
        if (stands.kind != ValueKind::Cleared) {
            out_.record.fields.push_back({spot.field, stands.kind, stands.text});
            out_.fields_from.push_back(from);
        }
        return next;
    }

    std::uint32_t newestOf(std::uint8_t rank) const {
        std::vector<std::uint32_t> theirs;
        for (std::uint32_t at = 0; at != state_.statements.size(); ++at)
            if (standing_.rankOf(at) == rank) theirs.push_back(at);
        return standing_.pick(theirs);
    }

    static bool isOwnToEachSystem(const RecordSpot& spot) {
        const RecordFields& fields = recordFields();
        return spot.list == Section::Case && (spot.field == fields.source_case_no ||
                                              spot.field == fields.data_version || spot.field == fields.operation);
    }

    /// source_system is the owner, so source_case_no is the owner's number, whoever outranks it otherwise.
    void keepOwners() {
        const auto owners = std::find_if(candidates_.begin(), candidates_.end(), [&](std::uint32_t at) {
            return state_.systemOf(state_.statements[at]) == owner_;
        });
        if (owners == candidates_.end()) return;
        std::iter_swap(candidates_.begin(), owners);
        candidates_.resize(1);
    }

    std::uint32_t field(std::uint32_t at) {
        const FieldId id = state_.statements[at].subject.field;
        if (id == recordFields().operation) return operation(at);
        const std::uint32_t next = gather(at);
        if (id == recordFields().source_case_no) keepOwners();
        std::uint32_t from = 0;
        const Statement& stands = settle({.field = id}, from);
        if (stands.kind != ValueKind::Cleared) {
            out_.record.fields.push_back({id, stands.kind, stands.text});
            out_.fields_from.push_back(from);
        }
        return next;
    }

    std::uint32_t extra(std::uint32_t at) {
        const std::string_view name = state_.statements[at].subject.name;
        const std::uint32_t next = gather(at);
        std::uint32_t from = 0;
        const Statement& stands = settle({.list = Section::Extra, .extra_name = name}, from);
        if (stands.kind != ValueKind::Cleared) {
            out_.record.extra.push_back({name, stands.kind, stands.text});
            out_.extra_from.push_back(from);
        }
        return next;
    }

    std::uint32_t list(std::uint32_t at) {
        const Section section = listAt(at);
        std::uint32_t end = at;
        while (end != state_.statements.size() && listAt(end) == section) ++end;
        std::uint32_t ordinal = 0;
        for (const ItemGroup& group : groupItems(state_, standing_, section, at, end))
            if (item(section, group, ordinal)) ++ordinal;
        return end;
    }

    bool item(Section section, const ItemGroup& group, std::uint32_t ordinal) {
        const auto first = static_cast<std::uint32_t>(out_.record.item_fields.size());
        const std::size_t disagreements = out_.disagreements.size();
        std::size_t at = 0;
        while (at != group.statements.size()) {
            const FieldId id = state_.statements[group.statements[at]].subject.field;
            candidates_.clear();
            for (; at != group.statements.size() && state_.statements[group.statements[at]].subject.field == id; ++at)
                candidates_.push_back(group.statements[at]);
            std::uint32_t from = 0;
            const Statement& stands = settle({.list = section, .item = ordinal, .field = id}, from);
            if (stands.kind == ValueKind::Cleared) continue;
            out_.record.item_fields.push_back({id, stands.kind, stands.text});
            out_.item_fields_from.push_back(from);
        }
        const auto count = static_cast<std::uint32_t>(out_.record.item_fields.size()) - first;
        if (count == 0) {
            out_.disagreements.resize(disagreements);
            return false;
        }
        out_.record.items.push_back({section, first, count});
        return true;
    }

    const CaseState& state_;
    std::string_view owner_;
    Standing standing_;
    ResolvedCase& out_;
    std::vector<std::uint32_t> candidates_;
    std::vector<std::uint32_t> aside_;  ///< statements of operation that cannot stand
};

void insertFromRegister(FieldId id, std::string_view text, ResolvedCase& out) {
    auto& fields = out.record.fields;
    const auto at = std::lower_bound(fields.begin(), fields.end(), id,
                                     [](const FieldValue& value, FieldId field) { return value.field < field; });
    out.fields_from.insert(out.fields_from.begin() + (at - fields.begin()), kFromRegister);
    fields.insert(at, {id, ValueKind::String, text});
}

}  // namespace

void ResolvedCase::clear() {
    record.clear();
    fields_from.clear();
    item_fields_from.clear();
    extra_from.clear();
    disagreements.clear();
}

void resolve(const CaseState& state, const CaseIdentity& identity, ResolvedCase& out) {
    out.clear();
    Resolver(state, identity.owner, out).run();
    insertFromRegister(recordFields().case_no, identity.case_no, out);
    insertFromRegister(recordFields().source_system, identity.owner, out);
}

}  // namespace caseway
