// gateway/normalize/mapping_loader.cpp - the file as a whole: mapping, source, kinds, required, code_tables. Nothing is
// expanded or guessed; what cannot be meant is a mistake. All are told at once, those of expressions and values too
// (plan_compiler.cpp finds them), but nothing that only follows from another mistake.
#include "gateway/normalize/mapping_loader.hpp"

#include <algorithm>
#include <span>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/text/lower_case.hpp"
#include "gateway/formats/text/near_word.hpp"
#include "gateway/formats/xml/xpath_scan.hpp"
#include "gateway/normalize/field_loader.hpp"
#include "gateway/normalize/plan_compiler.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;
constexpr std::size_t kLongestName = 100;
constexpr std::size_t kMostKinds = 50;

class Loader {
public:
    Loader(std::string_view yaml, const std::string& file) : yaml_(yaml), context_(file) { spec_.file = file; }

    Result<MappingSpec, std::vector<MappingMistake>> load() {
        if (yaml_.size() > kMostBytes) {
            context_.mistake(0, "", "a mapping has at most 1 MiB", "split it by record kinds, or shorten code tables");
            return context_.mistakes();
        }
        std::vector<YamlMistake> yaml_mistakes;
        YamlFile file = readYaml(yaml_, yaml_mistakes);
        for (auto& mistake : yaml_mistakes) context_.mistake(mistake.line, "", mistake.rule, mistake.hint);
        if (file.cut) context_.cut();
        if (file.root.kind == YamlNode::Kind::Map || yaml_mistakes.empty()) loadRoot(file.root);
        if (context_.mistakes().empty()) {
            spec_.version = sha256(yaml_);
            return std::move(spec_);
        }
        checkTheRest();
        auto& mistakes = context_.mistakes();
        sortMistakes(mistakes);
        return std::move(mistakes);
    }

private:
    void loadRoot(YamlNode& root) {
        if (!context_.isMapOf(
                root, "",
                {"mapping", "description", "source", "kinds", "fields", "required", "code_tables", "empty", "no_date"}))
            return;
        if (const YamlNode* name = root.find("mapping"))
            loadName(*name);
        else if (context_.lacks(root, "mapping"))
            context_.mistake(1, "mapping", "a mapping needs a name", "mapping: department.document");
        if (const YamlNode* tables = root.find("code_tables")) loadTables(*tables);
        if (const YamlNode* empty = root.find("empty")) context_.empty_values = context_.texts(*empty, "empty");
        if (const YamlNode* no_date = root.find("no_date")) context_.no_date = context_.texts(*no_date, "no_date");
        YamlNode* source = root.find("source");
        if (source != nullptr)
            loadSource(*source);
        else if (context_.lacks(root, "source"))
            context_.mistake(1, "source", "a mapping needs its source",
                             "source: {format: xml, records: /Package/Case}");
        loadKinds(root, source);
        if (const YamlNode* required = root.find("required"))
            for (KindSpec& kind : spec_.kinds)
                if (!kind.passes_over && !kind.is_rest) require(*required, "required", kind);
        requireCaseNumber();
    }

    void loadName(const YamlNode& node) {
        spec_.name = context_.text(node, "mapping").value_or("");
        const bool fits =
            spec_.name.size() <= kLongestName && std::all_of(spec_.name.begin(), spec_.name.end(), [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
            });
        if (!fits)
            context_.mistake(node.line, "mapping", "a name has small letters, digits and . _ - (at most 100)",
                             "housing.permit");
    }

    void loadTables(const YamlNode& node) {
        if (node.kind != YamlNode::Kind::Map)
            return context_.mistake(node.line, "code_tables", "must be a map of tables", "NAME: {…}");
        for (const YamlMember& member : node.members)
            context_.code_tables[member.key] = loadCodes(member.value, "code_tables." + member.key, context_);
    }

    void loadSource(YamlNode& node) {
        const std::size_t before = context_.mistakes().size();
        if (!context_.isMapOf(node, "source", {"format", "records", "or_one", "namespaces"})) return;
        loadFormat(node);
        loadNamespaces(node);
        namespaces_known_ = context_.mistakes().size() == before;
    }

    /// By one edit, or by its letters in another order; empty where nobody can tell.
    static std::string_view formatMeant(const std::string& name) {
        for (const std::string_view format : {"xml", "json"})
            if (std::is_permutation(name.begin(), name.end(), format.begin(), format.end())) return format;
        return nearestWord(name, {"xml", "json"});
    }

    void loadFormat(YamlNode& node) {
        const YamlNode* format = node.find("format");
        const std::string name = format != nullptr ? context_.text(*format, "source.format").value_or("") : "";
        format_known_ = name == "json" || name == "xml";
        if (name == "json") spec_.format = SourceFormat::Json;
        if (format == nullptr ? context_.lacks(node, "format") : !format_known_ && !name.empty())
            context_.mistake(format != nullptr ? format->line : node.line, "source.format", "must be xml or json",
                             "format: xml");
        // One that is misspelt hides no mistake in the expressions: they are read as what it was meant to be.
        const std::string_view meant = format_known_ ? std::string_view() : formatMeant(lowerCase(name));
        if (meant == "json") spec_.format = SourceFormat::Json;
        format_known_ = format_known_ || !meant.empty();
    }

    void loadNamespaces(YamlNode& node) {
        const YamlNode* namespaces = node.find("namespaces");
        if (namespaces == nullptr) return;
        if (namespaces->kind != YamlNode::Kind::Map || (format_known_ && spec_.format == SourceFormat::Json))
            return context_.mistake(namespaces->line, "source.namespaces", "a map of prefixes to names, for xml only",
                                    "{a: \"urn:…\"}");
        for (const YamlMember& member : namespaces->members)
            if (const auto uri = context_.text(member.value, "source.namespaces." + member.key))
                spec_.namespaces.emplace_back(member.key, *uri);
    }

    void loadKinds(YamlNode& root, YamlNode* source) {
        YamlNode* kinds = root.find("kinds");
        YamlNode* common = root.find("fields");
        const YamlNode* records = source != nullptr ? source->find("records") : nullptr;
        if (kinds == nullptr) return loadOnlyKind(root, source, common);
        if (records != nullptr)
            context_.mistake(records->line, "source.records", "each of the kinds has its own records",
                             "leave it out here");
        if (kinds->kind != YamlNode::Kind::List || kinds->items.empty() || kinds->items.size() > kMostKinds) {
            context_.mistake(kinds->line, "kinds", "must be a list of 1 to 50 kinds",
                             "- {records: EXPRESSION, fields: {…}}");
            if (common != nullptr) loadOnlyKind(root, source, common);  // for what stands there
            return;
        }
        for (std::size_t i = 0; i < kinds->items.size(); ++i) loadKind(kinds->items[i], i, common);
        if (!spec_.kinds.empty() && std::all_of(spec_.kinds.begin(), spec_.kinds.end(),
                                                [](const KindSpec& kind) { return kind.passes_over || kind.is_rest; }))
            context_.mistake(kinds->line, "kinds", "something must be made of one kind at least",
                             "leave out pass_over, or the mapping");
    }

    void loadOnlyKind(YamlNode& root, YamlNode* source, YamlNode* fields) {
        const YamlNode* records = source != nullptr ? source->find("records") : nullptr;
        KindSpec kind;
        kind.place = {{}, records != nullptr ? records->line : source != nullptr ? source->line : root.line, {}};
        if (records != nullptr) kind.records = context_.text(*records, "source.records").value_or("");
        if (const YamlNode* flag = source != nullptr ? source->find("or_one") : nullptr)
            kind.or_one = context_.flag(*flag, "source.or_one");
        if (fields != nullptr)
            loadFields(*fields, "fields", context_, kind);
        else if (context_.lacks(root, "fields"))
            context_.mistake(root.line, "fields", "a mapping needs fields", "fields: {source_case_no: …}");
        spec_.kinds.push_back(std::move(kind));
    }

    void loadKind(YamlNode& node, std::size_t ordinal, YamlNode* common) {
        const std::string where = "kinds[" + std::to_string(ordinal) + "]";
        if (!context_.isMapOf(node, where,
                              {"description", "records", "or_one", "when", "pass_over", "rest", "fields", "required"}))
            return;
        KindSpec kind;
        kind.place = placeOf(node, where);
        if (const YamlNode* records = node.find("records"))
            kind.records = context_.text(*records, where + ".records").value_or("");
        else if (context_.lacks(node, "records"))
            context_.mistake(node.line, where, "a kind needs records", "records: the expression of its records");
        if (const YamlNode* flag = node.find("or_one")) kind.or_one = context_.flag(*flag, where + ".or_one");
        if (YamlNode* when = node.find("when")) kind.when = loadCondition(*when, where + ".when", context_);
        if (const YamlNode* flag = node.find("pass_over"))
            kind.passes_over = context_.flag(*flag, where + ".pass_over");
        if (const YamlNode* rest = node.find("rest")) {
            kind.is_rest = true;
            kind.when = ConditionSpec{context_.text(*rest, where + ".rest").value_or(""), {"\n"}, false, kind.place};
            if (node.find("when") != nullptr)
                context_.mistake(node.line, where, "rest and when exclude each other", "keep one of them");
        }
        if (kind.is_rest) {
            if (node.find("fields") != nullptr || node.find("required") != nullptr)
                context_.mistake(node.line, where, "nothing is made of what no other kind finds",
                                 "leave out its fields and required, or rest");
            if (kind.passes_over) kind.when.reset();
        } else if (!kind.passes_over)
            loadTaken(node, ordinal, common, kind);
        else if (node.find("fields") != nullptr || node.find("required") != nullptr)
            context_.mistake(node.line, where, "nothing is made of a kind that is passed over",
                             "leave out its fields and required, or pass_over");
        spec_.kinds.push_back(std::move(kind));
    }

    /// What is made of a kind.
    void loadTaken(YamlNode& node, std::size_t ordinal, YamlNode* common, KindSpec& kind) {
        const std::string where = "kinds[" + std::to_string(ordinal) + "]";
        const std::size_t before = context_.mistakes().size();
        if (common != nullptr) loadFields(*common, "fields", context_, kind);
        if (has_common_told_) context_.mistakes().resize(before);  // of the common fields: told with the first kind
        has_common_told_ = true;
        if (YamlNode* fields = node.find("fields"))
            loadFields(*fields, where + ".fields", context_, kind);
        else if (common == nullptr && context_.lacks(node, "fields"))
            context_.mistake(node.line, where, "a kind needs fields", "fields: {source_case_no: …}");
        if (const YamlNode* required = node.find("required")) require(*required, where + ".required", kind);
    }

    /// Marks the last alternative of each named field, in the record or in the items of a list.
    void require(const YamlNode& node, const std::string& where, KindSpec& kind) {
        for (const std::string& name : context_.texts(node, where)) {
            const bool extra = name.starts_with("extra.");
            const auto id = extra ? std::nullopt : fieldNamed(name);
            FieldSpec* last = nullptr;
            const auto look = [&](std::vector<FieldSpec>& fields) {
                for (FieldSpec& field : fields)
                    if (!field.unfit_of &&
                        (extra ? field.extra_name == name.substr(6) && !field.field : id && field.field == id))
                        last = &field;
                if (last != nullptr && !last->value.fallback && !last->constant) last->value.required = true;
            };
            look(kind.fields);
            for (ListSpec& list : kind.lists) look(list.fields);
            if (last != nullptr || context_.isCut()) continue;
            if (!extra && !id)
                context_.mistake(node.line, where, "'" + name + "' is not a field of the case record",
                                 hintOfNearest(name, knownFieldNames(), "name it as under fields; items as steps.seq"));
            else
                context_.mistake(node.line, where, "'" + name + "' is required but not mapped", "map it under fields");
        }
    }

    /// The gateway itself asks for the case's number in its own system.
    void requireCaseNumber() {
        static const FieldId number = *fieldNamed("source_case_no");
        for (KindSpec& kind : spec_.kinds) {
            FieldSpec* last = nullptr;
            for (FieldSpec& field : kind.fields)
                if (field.field == number && !field.unfit_of) last = &field;
            if (last == nullptr && (kind.fields.empty() || context_.isCut())) continue;
            if (last == nullptr)
                context_.mistake(kind.place.line, "fields.source_case_no", "every record needs source_case_no",
                                 "map the case's own number");
            else
                last->value.required = !last->constant && !last->value.fallback;
            for (const FieldSpec& field : kind.fields)
                if (!field.unfit_of && field.field && (field.field == number || field.field == fieldNamed("case_no")))
                    tellOneCase(field);
        }
    }

    /// Of a number that is the same for many records each would overwrite the one before it, and nobody be told.
    void tellOneCase(const FieldSpec& field) {
        const auto scan = spec_.format == SourceFormat::Xml && !field.expression.empty()
                              ? scanXPath(field.expression, spec_.namespaces)
                              : Result<XPathScan, XPathError>(XPathError{});
        const bool is_one = field.constant || (scan && scan->is_constant);
        const bool is_other = field.value.other_codes && !field.value.other_codes->empty();
        if (!is_one && !field.value.fallback && !is_other) return;
        const std::string_view key = field.constant         ? "value"
                                     : is_one               ? "from"
                                     : field.value.fallback ? "default"
                                                            : "other";
        const int line = field.place.lineOf(key);
        const std::string where = field.place.where;
        for (const MappingMistake& one : context_.mistakes())  // common fields stand in each kind
            if (one.line == line && one.where == where) return;
        context_.mistake(line, where,
                         is_one ? "the number of each record's own case: with a constant all of them become one case"
                                : "the number of each record's own case: all that `" + std::string(key) +
                                      "` stands for become one case",
                         is_one ? "point it at the number in the payload"
                                : "leave it out: a record without a number of its own is refused, and the department "
                                  "told so");
    }

    /// What is wrong with expressions and values, as far as the file tells them.
    void checkTheRest() {
        auto& mistakes = context_.mistakes();
        const auto more = PlanCompiler::mistakesOf(std::move(spec_), format_known_);
        const std::size_t before = mistakes.size();
        for (const MappingMistake& one : more) {
            const auto told = std::span(mistakes).first(before);
            if (!follows(one, told)) context_.mistake(one.line, one.where, one.rule, one.hint);
        }
    }

    /// Does a mistake only follow from one that was told?
    bool follows(const MappingMistake& mistake, std::span<const MappingMistake> told) const {
        static constexpr std::pair<std::string_view, std::string_view> kFollowing[] = {
            {".other", ".codes"}, {".no_date", ".time"}, {".convert_old_id", ".check"}};
        if (mistake.rule == kUndeclaredPrefix) return !namespaces_known_;
        for (const auto& [following, cause] : kFollowing) {
            if (!mistake.where.ends_with(following)) continue;
            const std::string field = mistake.where.substr(0, mistake.where.size() - following.size());
            const auto causes = [&, key = cause](const MappingMistake& one) {
                return one.where.starts_with(field + std::string(key));
            };
            if (std::any_of(told.begin(), told.end(), causes)) return true;
        }
        return false;
    }

    std::string_view yaml_;
    LoadContext context_;
    MappingSpec spec_;
    bool format_known_ = false;
    bool namespaces_known_ = true;
    bool has_common_told_ = false;
};

}  // namespace

Result<MappingSpec, std::vector<MappingMistake>> loadMappingSpec(std::string_view yaml, const std::string& file) {
    return Loader(yaml, file).load();
}

}  // namespace caseway
