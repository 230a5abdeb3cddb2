// gateway/record/changed_fields.cpp - what differs between two records, by name: what a value says, not how it is
// written. Items are compared as sets of values, so an item that merely moved did not change.
#include <algorithm>
#include <deque>

#include "gateway/record/patch_state.hpp"
#include "gateway/record/record_fields.hpp"
#include "gateway/record/resolve.hpp"

namespace caseway {
namespace {

/// One value of one item, with what identifies the item.
struct ItemValue {
    FieldId field;
    std::string_view item;
    ValueKind kind;
    std::string_view text;
    auto operator<=>(const ItemValue&) const = default;
};

class Differences {
public:
    Differences() : fields_(caseFields().size()) {}

    void compareFields(const std::vector<FieldValue>& before, const std::vector<FieldValue>& after) {
        auto a = before.begin();
        auto b = after.begin();
        while (a != before.end() || b != after.end()) {
            if (b == after.end() || (a != before.end() && a->field < b->field)) {
                mark((a++)->field);
            } else if (a == before.end() || b->field < a->field) {
                mark((b++)->field);
            } else {
                if (a->kind != b->kind || (a->text != b->text && !haveSameWorth(a->field, a->text, b->text)))
                    mark(a->field);
                ++a, ++b;
            }
        }
    }

    void compareItems(const CasePatch& before, const CasePatch& after) {
        std::vector<std::string> keys;
        keys.reserve(before.items.size() + after.items.size());
        const auto a = valuesOf(before, keys);
        const auto b = valuesOf(after, keys);
        std::deque<std::string> worths;
        const auto gone = onlyIn(a, b, worths), come = onlyIn(b, a, worths);
        std::vector<ItemValue> differing;
        std::set_symmetric_difference(gone.begin(), gone.end(), come.begin(), come.end(),
                                      std::back_inserter(differing));
        for (const ItemValue& value : differing) mark(value.field);
    }

    void compareExtra(const std::vector<ExtraValue>& before, const std::vector<ExtraValue>& after) {
        const auto missingIn = [](const std::vector<ExtraValue>& others, const ExtraValue& value) {
            const auto at = std::lower_bound(others.begin(), others.end(), value.name,
                                             [](const ExtraValue& v, std::string_view name) { return v.name < name; });
            return at == others.end() || at->name != value.name || at->kind != value.kind || at->text != value.text;
        };
        for (const ExtraValue& value : before)
            if (missingIn(after, value)) extra_.push_back("extra." + std::string(value.name));
        for (const ExtraValue& value : after)
            if (missingIn(before, value)) extra_.push_back("extra." + std::string(value.name));
        std::sort(extra_.begin(), extra_.end());
        extra_.erase(std::unique(extra_.begin(), extra_.end()), extra_.end());
    }

    std::vector<std::string> names() && {
        std::vector<std::string> names;
        for (std::size_t id = 0; id < fields_.size(); ++id)
            if (fields_[id]) names.push_back(dottedName(static_cast<FieldId>(id)));
        names.insert(names.end(), std::make_move_iterator(extra_.begin()), std::make_move_iterator(extra_.end()));
        return names;
    }

private:
    void mark(FieldId id) { fields_[static_cast<std::size_t>(id)] = true; }

    /// What of `values` is written otherwise in `others`, by its worth.
    static std::vector<ItemValue> onlyIn(const std::vector<ItemValue>& values, const std::vector<ItemValue>& others,
                                         std::deque<std::string>& worths) {
        std::vector<ItemValue> only;
        std::set_difference(values.begin(), values.end(), others.begin(), others.end(), std::back_inserter(only));
        for (ItemValue& value : only) value.text = worths.emplace_back(worthOf(value.field, value.text));
        std::sort(only.begin(), only.end());
        return only;
    }

    /// `keys` must have room for all: its strings may not move.
    static std::vector<ItemValue> valuesOf(const CasePatch& record, std::vector<std::string>& keys) {
        std::vector<ItemValue> values;
        values.reserve(record.item_fields.size());
        for (const ListItem& item : record.items) {
            const auto fields = std::span(record.item_fields).subspan(item.first_field, item.field_count);
            std::string& key = keys.emplace_back();
            for (const auto natural : naturalKeysOf(item.list)) {
                key.clear();
                if (appendNaturalKey(natural, fields, key)) break;
                key.clear();
            }
            for (const FieldValue& value : fields) values.push_back({value.field, key, value.kind, value.text});
        }
        std::sort(values.begin(), values.end());
        return values;
    }

    std::vector<bool> fields_;
    std::vector<std::string> extra_;
};

}  // namespace

std::vector<std::string> changedFields(const CasePatch& before, const CasePatch& after) {
    Differences differences;
    differences.compareFields(before.fields, after.fields);
    if (!before.items.empty() || !after.items.empty()) differences.compareItems(before, after);
    if (!before.extra.empty() || !after.extra.empty()) differences.compareExtra(before.extra, after.extra);
    return std::move(differences).names();
}

}  // namespace caseway
