// gateway/normalize/mapping_notes.cpp - looks at the fields one by one; what the gateway sets:
// docs/formats/case-record.md.
#include "gateway/normalize/mapping_notes.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

#include "gateway/formats/xml/xpath_scan.hpp"

namespace caseway {
namespace {

struct OwnField {
    std::string_view name;
    std::string_view rule;
    std::string_view hint;
};
constexpr std::string_view kDueRule =
    "the place of the date that the gateway works out: what a department reports stands beside it";
constexpr OwnField kOwnFields[] = {
    {"source_system", "it is always the system that owns the case: what the mapping gives is not shown in its record",
     "leave it out; what the payload says of it goes under extra.NAME"},
    {"accept.promise_due_time", kDueRule, "write accept.promise_due_time_reported"},
    {"accept.statutory_due_time", kDueRule, "write accept.statutory_due_time_reported"}};

class Notes {
public:
    explicit Notes(const MappingSpec& spec) : spec_(spec) {}

    std::vector<MappingMistake> run() {
        for (const KindSpec& kind : spec_.kinds) {
            for (const FieldSpec& field : kind.fields) look(field);
            for (const ListSpec& list : kind.lists) {
                for (const FieldSpec& field : list.fields) look(field);
                lookAtKeys(list);
            }
        }
        std::stable_sort(notes_.begin(), notes_.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
        return std::move(notes_);
    }

private:
    void look(const FieldSpec& field) {
        for (const OwnField& own : kOwnFields)
            if (field.field && field.field == fieldNamed(own.name))
                note(field, field.unfit_of ? "unfit" : "", own.rule, std::string(own.hint));
        if (field.unfit_of || spec_.format != SourceFormat::Xml || field.expression.empty()) return;
        const auto scan = scanXPath(field.expression, spec_.namespaces);
        if (scan && scan->is_constant)
            note(field, "from",
                 "`" + field.expression + "` looks at nothing of the payload: every record gets one value",
                 hintOf(field.expression));
    }

    /// Items are known by their key: one that each of them has makes one item of all. Of `.` there is only one.
    void lookAtKeys(const ListSpec& list) {
        if (list.each == "." || list.each == "@") return;
        for (const std::span<const FieldId> key : naturalKeysOf(list.list)) {
            std::vector<const FieldSpec*> constants;
            bool is_whole = true;
            for (const FieldId id : key) {
                const auto isIt = [id](const FieldSpec& one) { return !one.unfit_of && one.field == id; };
                const auto field = std::find_if(list.fields.begin(), list.fields.end(), isIt);
                is_whole = is_whole && field != list.fields.end() && field->constant && !field->when;
                if (is_whole) constants.push_back(&*field);
            }
            if (!is_whole) continue;
            for (const FieldSpec* field : constants)
                note(*field, "value", "items are told apart by it: where all have one, the last of them alone stays",
                     "point it at the item's own number, or leave it out");
        }
    }

    /// A quoted text, or what XPath would count with: `2026-05-04` is 2017.
    static std::string hintOf(const std::string& expression) {
        const bool is_quoted = expression.front() == '\'' || expression.front() == '"';
        const std::string constant = is_quoted ? expression : '"' + expression + '"';
        return "if that is meant, write {value: " + constant +
               "}; else the path to where it stands (no element has a name that begins with a digit)";
    }

    /// `key`: of the field, where it is written as a map.
    void note(const FieldSpec& field, std::string_view key, std::string_view rule, std::string hint) {
        const auto& keys = field.place.key_lines;
        const bool has_key = std::any_of(keys.begin(), keys.end(), [&](const auto& one) { return one.first == key; });
        std::string where = field.place.where;
        if (has_key) where.append(".").append(key);
        const int line = field.place.lineOf(key);
        const bool is_told = std::any_of(notes_.begin(), notes_.end(), [&](const MappingMistake& one) {
            return one.line == line && one.where == where && one.rule == rule;
        });
        if (!is_told) notes_.push_back({spec_.file, line, std::move(where), std::string(rule), std::move(hint)});
    }

    const MappingSpec& spec_;
    std::vector<MappingMistake> notes_;
};

}  // namespace

std::vector<MappingMistake> notesOf(const MappingSpec& spec) {
    return Notes(spec).run();
}

}  // namespace caseway
