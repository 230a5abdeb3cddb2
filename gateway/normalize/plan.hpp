// gateway/normalize/plan.hpp - a mapping as the engine runs it: slots to fill, rules to apply, one automaton, some
// expressions. Immutable once compiled, but for the pool of XPath contexts, which is locked.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/byte_blocks.hpp"
#include "gateway/formats/jsonpath/jsonpath.hpp"
#include "gateway/formats/xml/xpath.hpp"
#include "gateway/normalize/automaton.hpp"
#include "gateway/normalize/mapping.hpp"
#include "gateway/normalize/value_rule.hpp"

namespace caseway {

inline constexpr int kNone = -1;

/// Where a value is found: always in a slot, which the automaton fills, or, where `expression` is set, the evaluator at
/// the end.
struct Source {
    std::uint16_t slot = 0;
    int expression = kNone;
    bool constant = false;
    bool of_document = false;  ///< JSON, `$…`: says nothing of the record or item
};

struct ConditionPlan {
    Source source;
    std::vector<std::string> one_of;  ///< folded to half width, as what is compared with them
    bool negated = false;
};

struct FieldPlan {
    FieldPlan(ValueRule compiled) : rule(std::move(compiled)) {}  // NOLINT: implicit by design
    ValueRule rule;
    Source source;
    std::optional<FieldId> field;  ///< none: extra
    std::string name;              ///< dotted, for messages; extra: "extra.NAME"
    std::string extra_name;
    std::string constant;
    std::string written;  ///< the expression as the mapping has it
    std::string pointer;  ///< JSON: below the record, where the path is fixed
    std::optional<ConditionPlan> condition;
    std::size_t alternative = 0;  ///< which of its field's, from 0; of who takes what does not fit: of that field's
    bool has_others = false;      ///< one of several alternatives
    bool follows_others = false;  ///< takes what does not fit a later one: nothing where an earlier one stands
    bool takes_all = false;
    std::optional<FieldId> judged{};  ///< of who takes what does not fit another field: that one, and its name
    std::string judged_name{};
    bool takes_unfit = false;  ///< takes what does not fit another field, which tells what is wrong with a value
    bool only_first = false;   ///< the value of its slot and nothing else decides
};

struct ListPlan {
    Section list = Section::Steps;
    std::string written;                 ///< the expression `each` as the mapping has it
    int each = kNone;                    ///< evaluated, with all its fields; kNone: the automaton finds the items
    bool or_one = false;                 ///< `each` finds the lists, or objects that are items themselves
    bool takes_value = true;             ///< … or one value, which no field of the record reads
    std::vector<std::string> fillers{};  ///< values that mean nothing, in half width
    bool says_or_one = false;            ///< the mapping has `or_one`, however the items are found
    bool opens_list = false;  ///< JSON: `each` opens a list at its end; values in it that nothing takes are told
    std::string pointer;      ///< of that list below the record, where the path is fixed
    std::optional<ConditionPlan> condition;
    std::vector<FieldPlan> fields;  ///< ascending FieldId
    std::uint16_t slots = 0;
};

struct KindPlan {
    std::string written;  ///< the expression `records` as the mapping has it
    int records = kNone;  ///< evaluated on the whole document; kNone: the automaton finds the records
    std::optional<std::vector<PathStep>> place{};  ///< names down to what holds the records, where `records` says it
    std::optional<ConditionPlan> condition;
    std::vector<FieldPlan> fields;  ///< ascending FieldId, then extra ascending by name
    std::vector<ListPlan> lists;
    std::uint16_t slots = 0;
    bool evaluates = false;    ///< something of it needs the record as a tree
    bool passes_over = false;  ///< nothing is made of its records
    bool is_rest = false;      ///< they are those that no other kind finds
};

/// One expression that is evaluated, not streamed.
struct EvaluatedExpression {
    std::string text;
    std::optional<JsonPath> json;
    bool on_document = false;   ///< JSON: `$` is the document
    bool context_free = false;  ///< yields the same for every record of one document
    std::string place;          ///< "mapping.fields.status, line 12"
};

/// Finds the symbol of a JSON name.
class JsonNameTable {
public:
    void fill(const Symbols& symbols);
    std::uint32_t symbolOf(std::string_view name) const {
        std::size_t at = hashOf(name) & mask_;
        while (cells_[at].symbol != 0) {
            if (sameText(cells_[at].name, name)) return cells_[at].symbol;
            at = (at + 1) & mask_;
        }
        return Symbols::kOtherName;
    }
    std::uint32_t symbolOfIndex(std::size_t index) const {
        return index < indexes_.size() ? indexes_[index] : Symbols::kOtherIndex;
    }

private:
    static std::size_t hashOf(std::string_view name) {
        std::size_t hash = name.size() * 0x9E3779B97F4A7C15ULL;
        if (!name.empty()) {
            hash ^= static_cast<unsigned char>(name.front()) * 0xff51afd7ULL;
            hash ^= static_cast<unsigned char>(name.back()) * 0xc4ceb9feULL;
            hash ^= static_cast<unsigned char>(name[name.size() / 2]) * 0x85ebca6bULL;
        }
        return hash ^ (hash >> 17);
    }
    struct Cell {
        std::string_view name{};
        std::uint32_t symbol = 0;
    };
    std::vector<Cell> cells_;
    std::size_t mask_ = 0;
    std::vector<std::uint32_t> indexes_;
};

struct Mapping::Plan {
    MappingSpec spec;
    std::vector<KindPlan> kinds;
    Automaton automaton;
    JsonNameTable json_names;
    std::vector<EvaluatedExpression> expressions;
    std::vector<ExpressionReport> reports;
    bool whole_document = false;

    /// A set with all the expressions, lent to one pass.
    std::unique_ptr<XPathSet> borrowXPaths() const;
    void giveBack(std::unique_ptr<XPathSet> set) const;

private:
    mutable std::mutex mutex_;
    mutable std::vector<std::unique_ptr<XPathSet>> pool_;
};

/// Which simple paths do not stream all the same: for tests, and for mappings whose automaton would grow too large.
struct CompileOptions {
    bool evaluate_all = false;
    bool evaluate_positions = false;  ///< paths with `[n]`
};

}  // namespace caseway
