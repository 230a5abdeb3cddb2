// gateway/normalize/record_builder.hpp - the slots of a complete record become a patch, or refusals, and go to the
// sink.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gateway/base/limits.hpp"
#include "gateway/normalize/mapping.hpp"
#include "gateway/normalize/near_codes.hpp"
#include "gateway/normalize/record_state.hpp"

namespace caseway {

/// Further mistakes told of all records of a payload: a stranger's megabyte of empty records must not become gigabytes.
inline constexpr std::size_t kMostFurther = 20'000;
/// What the tree of a record may take that its expressions are evaluated on.
constexpr std::size_t recordTreeBytes(const Limits& limits) {
    return limits.record_bytes * 4;
}
/// Cut between characters where it is longer than a line for people should be.
std::string shortened(std::string_view words);

class RecordBuilder {
public:
    RecordBuilder(const Limits& limits, RecordSink& sink) : limits_(limits), sink_(sink) {}

    /// False: the sink wants no more.
    bool finish(RecordState& record);
    /// The node of `record` was looked at by each kind that finds it: what none took is refused, or passed over where
    /// the mapping says so. False: the sink wants no more.
    bool endNode(const RecordState& record) {
        const std::size_t left_by = std::exchange(left_by_, 0);
        const bool is_taken = std::exchange(is_taken_, false);
        const bool is_passed_over = std::exchange(is_passed_over_, false);
        const bool goes_on = is_taken || left_by == 0 || leave(record, left_by, is_passed_over);
        is_named_ = false;
        return goes_on;
    }
    /// A record that is refused as it stands.
    bool refuse(const RecordState& record, std::string code, std::string rule, std::string hint);
    /// By RecordState::too_large, else for its bytes.
    bool refuseTooLarge(const RecordState& record);
    /// A record on which an expression, `place` in the mapping, could not be evaluated within the steps of the message,
    /// or within `most_steps` where it has such a bound of its own; 0: none.
    bool refuseCostly(const RecordState& record, const std::string& place, std::uint64_t most_steps = 0);
    /// A record that was not read again; nothing was wrong with it.
    bool takeKnown(const KnownRecord& known) {
        ++ordinal_;
        stopped_ = !sink_.known(known) || stopped_;
        return !stopped_;
    }
    RecordSink& sink() const { return sink_; }
    /// The last record was taken as it is.
    bool isLastMapped() const { return mistakes_.empty(); }
    std::uint64_t records() const { return ordinal_; }
    /// Records that were mapped, by kind.
    const std::vector<std::uint64_t>& mappedByKind() const { return mapped_by_kind_; }
    /// Records that the mapping says nothing is made of.
    std::uint64_t passedOver() const { return passed_over_; }
    /// Those of them that a kind with `pass_over` names by its `when`.
    std::uint64_t unwanted() const { return unwanted_; }
    bool stopped() const { return stopped_; }

private:
    struct Found {
        RawKind kind = RawKind::Missing;
        std::string_view text{};
        std::uint32_t line = 0;
        bool object = false;
    };
    bool holds(const RecordState& record, const ConditionPlan& condition, std::uint32_t first_slot) const;
    Found find(const RecordState& record, const FieldPlan& field, std::uint32_t first_slot);
    std::string_view joined(const RecordState& record, std::uint32_t slot);
    struct Yield {
        ValueKind kind = ValueKind::String;
        std::string_view text{};
        bool is_clean = false;  ///< as of FieldValue
        bool is_there = false;
        bool is_refused = false;
    };
    /// What the field yields; its mistake is noted.
    [[gnu::always_inline]] Yield apply(const RecordState& record, const FieldPlan& field, std::uint32_t first_slot) {
        if (!field.only_first) return applyRule(record, field, first_slot);
        const Slot& slot = record.slots[first_slot + field.source.slot];
        if (slot.kind == RawKind::Missing && field.rule.missingIsAbsent()) return {};
        const std::string_view text = record.textOf(slot);
        if (slot.kind != RawKind::Text || slot.object || text.size() > limits_.field_bytes)
            return applyRule(record, field, first_slot);
        if (field.rule.keepsText(text, slot.clean)) return {ValueKind::String, text, slot.clean, true};
        return applyToText(record, field, first_slot, text);
    }
    /// The same of a field whose rule and `text` decide, and nothing else.
    Yield applyToText(const RecordState& record, const FieldPlan& field, std::uint32_t first_slot,
                      std::string_view text);
    /// The same of any field.
    Yield applyRule(const RecordState& record, const FieldPlan& field, std::uint32_t first_slot);
    std::string hintOf(const FieldPlan& field, const ValueOutcome& outcome);
    bool standsBefore(const FieldPlan& field) const;
    bool isRefused(const FieldPlan& field) const;
    void settle(const FieldPlan& field, const Yield& found);
    void buildFields(const RecordState& record);
    void buildItemFields(const RecordState& record, const ListPlan& list, std::uint32_t first_slot);
    void buildItems(const RecordState& record);
    bool leave(const RecordState& record, std::size_t left_by, bool is_passed_over);
    bool refuseList(const RecordState& record);
    void requireCaseNumber(const RecordState& record);
    void tellUnreadable(const RecordState& record);
    void mistake(const RecordState& record, const FieldPlan& field, const Found& found, std::string_view code,
                 std::string_view rule, std::string_view hint);
    /// `field` would take what does not fit another one, but holds `kept` from an alternative before it.
    void tellSecondUnfit(const RecordState& record, const FieldPlan& field, std::uint32_t first_slot,
                         std::string_view kept);
    void mistakeOfList(const RecordState& record, const ListPlan& list);
    /// An item that is one value, in which nothing stands of what its map looks for.
    struct LostValue {
        const ListPlan* list = nullptr;
        std::size_t item = 0;
        std::string_view text{};
    };
    void noteValue(const RecordState& record, const FoundItem& item);
    void tellLostValues(const RecordState& record);
    void mistakeOfValue(const RecordState& record, const LostValue& lost);
    std::string placeOf(const RecordState& record, const FieldPlan* field, std::uint32_t line) const;
    bool handOver(const RecordState& record);

    const Limits& limits_;
    RecordSink& sink_;
    CasePatch patch_;
    std::vector<Refusal> mistakes_;
    NearCodes near_;
    std::string joined_;
    std::vector<std::size_t> items_;         ///< found so far, by list
    std::size_t item_ = 0;                   ///< which one of its list is looked at, from 1; 0: the record itself
    const ListPlan* list_ = nullptr;         ///< of that item
    std::vector<const FieldPlan*> settled_;  ///< alternatives of the record, or item, that were taken or refused
    std::vector<LostValue> lost_, taken_;    ///< of the record that is built
    std::size_t further_ = 0;                ///< mistakes of this payload's records beside each one's first
    std::uint64_t ordinal_ = 0;
    std::uint64_t passed_over_ = 0;
    std::uint64_t unwanted_ = 0;
    std::vector<std::uint64_t> mapped_by_kind_;
    std::size_t left_by_ = 0;      ///< kinds that make nothing of the record that is looked at
    bool is_taken_ = false;        ///< by a kind, or refused
    bool is_passed_over_ = false;  ///< one of those kinds is there for that
    bool is_named_ = false;        ///< by the `when` of that kind
    bool stopped_ = false;
};

}  // namespace caseway
