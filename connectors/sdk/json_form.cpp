// connectors/sdk/json_form.cpp - an answer in JSON: RFC 9535 JSONPath on a tree.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "connectors/sdk/answer_form.hpp"
#include "connectors/sdk/record_columns.hpp"
#include "gateway/base/mask.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/jsonpath/jsonpath.hpp"

namespace caseway {
namespace {

class JsonForm final : public AnswerForm {
public:
    JsonForm(const AnswerExpressions& given, const RefuseExpression& refuse)
        : records_(compile(given.records, "records", refuse)),
          total_(compile(given.total, "total", refuse)),
          success_(compile(given.success, "success", refuse)),
          message_(compile(given.message, "success", refuse)),
          next_(compile(given.next, "next", refuse)),
          time_(compile(given.time, "member", refuse)),
          compares_pages_(given.compares_pages) {
        if (given.records.ends_with("[*]"))
            list_ = compile(given.records.substr(0, given.records.size() - 3), "records", refuse);
    }

    bool knowsList() const override { return list_.has_value(); }

    Result<Done> look(std::string_view utf8) override {
        const auto parsed = parseJson(utf8, {}, tree_);
        root_ = parsed.ok() ? *parsed : nullptr;
        if (!parsed) return parsed.error();
        return Done{};
    }

    bool hasList() override {
        const std::vector<const JsonValue*> nodes = select(list_, *root_);
        return nodes.size() == 1 && nodes.front()->type == JsonValue::Type::Array;
    }

    std::optional<std::string> text(AnswerQuestion question) override {
        return textOf(question == AnswerQuestion::Total     ? total_
                      : question == AnswerQuestion::Success ? success_
                      : question == AnswerQuestion::Message ? message_
                                                            : next_,
                      *root_);
    }

    std::string saidFailure(bool may_be_end) override {
        if (root_ == nullptr || root_->type != JsonValue::Type::Object) return {};
        std::string failure;
        for (std::uint32_t i = 0; i < root_->count && failure.empty(); ++i)
            if (saysFailure(root_->members[i].name, root_->members[i].value, may_be_end))
                failure = fmt::format("{} {}", root_->members[i].name, wordOf(root_->members[i].value));
        if (failure.empty()) return {};
        for (const std::string_view name : {"msg", "message", "errmsg", "errorMsg"})
            if (const JsonValue* const why = root_->find(name); why != nullptr && why->type == JsonValue::Type::String)
                return failure + ": " + withNamesMasked(why->text.substr(0, 200));
        return failure;
    }

    void describeRecords(AnswerFacts& facts) override {
        const std::vector<const JsonValue*> records = select(records_, *root_);
        facts.records = records.size();
        std::string canonical;
        Sha256Stream digest;
        RecordColumns columns;
        const bool compares = compares_pages_ && (!next_ || !facts.next.empty());
        for (const JsonValue* record : records) {
            if (compares) addTo(columns, *record);
            canonical.clear();
            appendCanonical(*record, canonical);
            digest.update(canonical);
            facts.marks.push_back(shortDigest(canonical).substr(0, 16));
            if (time_ && select(time_, *record).empty())
                ++facts.untimed;
            else if (auto time = textOf(time_, *record))
                facts.times.push_back(std::move(*time));
        }
        facts.digest = toHex(digest.finish().bytes).substr(0, 32);
        facts.columns = columns.digests();
        if (records.empty() || records.front()->type != JsonValue::Type::Object) return;
        for (std::uint32_t i = 0; i < records.front()->count; ++i)
            facts.fields.emplace_back(records.front()->members[i].name);
    }

private:
    static void addTo(RecordColumns& columns, const JsonValue& record) {
        std::string value;
        for (std::uint32_t i = 0; record.type == JsonValue::Type::Object && i < record.count; ++i) {
            value.clear();
            appendCanonical(record.members[i].value, value);
            columns.add(record.members[i].name, value);
        }
        columns.endRecord();
    }
    static std::string_view wordOf(const JsonValue& value) {
        return value.type == JsonValue::Type::False ? "false" : value.text;
    }
    /// Not by codes that some give for "nothing found" (404), nor by numbers that every service counts its own way.
    /// `may_be_end`: nor by those that some give for "nothing more" behind the last page (500, false).
    static bool saysFailure(std::string_view name, const JsonValue& value, bool may_be_end) {
        const auto isOneOf = [name](std::initializer_list<std::string_view> names) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        if (isOneOf({"success", "isSuccess", "ok"}))
            return !may_be_end && (value.type == JsonValue::Type::False ||
                                   (value.type == JsonValue::Type::String && value.text == "false"));
        if (!isOneOf({"code", "status", "statusCode", "errcode", "errCode", "errorCode", "error_code", "resultCode",
                      "retCode", "ret_code"}))
            return false;
        if (value.type != JsonValue::Type::Number && value.type != JsonValue::Type::String) return false;
        if (may_be_end && value.text == "500") return false;
        return value.text == "401" || value.text == "403" ||
               (value.text.size() == 3 && value.text.front() == '5' &&
                value.text.find_first_not_of("0123456789") == std::string_view::npos);
    }
    static std::optional<JsonPath> compile(const std::string& text, const char* setting,
                                           const RefuseExpression& refuse) {
        if (text.empty()) return std::nullopt;
        auto path = JsonPath::compile(text);
        if (!path)
            refuse(setting, fmt::format("no JSONPath at character {}: {}", path.error().at + 1, path.error().rule));
        return std::move(*path);
    }
    static std::vector<const JsonValue*> select(const std::optional<JsonPath>& path, const JsonValue& root) {
        std::vector<const JsonValue*> nodes;
        if (path && !path->evaluate(root, nodes)) nodes.clear();
        return nodes;
    }
    static std::optional<std::string> textOf(const std::optional<JsonPath>& path, const JsonValue& root) {
        const std::vector<const JsonValue*> nodes = select(path, root);
        if (nodes.size() != 1) return std::nullopt;
        switch (nodes.front()->type) {
            case JsonValue::Type::String:
            case JsonValue::Type::Number:
                return std::string(nodes.front()->text);
            case JsonValue::Type::True:
                return "true";
            case JsonValue::Type::False:
                return "false";
            default:
                return std::nullopt;
        }
    }

    std::optional<JsonPath> records_, list_, total_, success_, message_, next_, time_;
    const bool compares_pages_;
    JsonTree tree_;
    const JsonValue* root_ = nullptr;
};

}  // namespace

std::unique_ptr<AnswerForm> makeJsonForm(const AnswerExpressions& expressions, const RefuseExpression& refuse) {
    return std::make_unique<JsonForm>(expressions, refuse);
}

}  // namespace caseway
