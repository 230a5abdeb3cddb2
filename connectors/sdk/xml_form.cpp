// connectors/sdk/xml_form.cpp - an answer in XML: XPath 1.0 on a tree. The text is UTF-8 already, whatever its
// declaration says.
#include <algorithm>

#include "connectors/sdk/answer_form.hpp"
#include "connectors/sdk/record_columns.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/xml/tree_builder.hpp"
#include "gateway/formats/xml/xpath.hpp"

namespace caseway {
namespace {

constexpr std::size_t kDepthMax = 200;
constexpr std::uint64_t kStepsMax = 100'000'000;

class Building final : public XmlHandler {
public:
    explicit Building(XmlTreeBuilder& builder) : builder_(builder) {}
    void begin(XmlNames&) override {}
    bool start(const XmlStart& start) override { return fits_ = builder_.start(start); }
    bool text(std::string_view piece) override { return fits_ = builder_.text(piece); }
    bool end() override {
        builder_.end();
        return true;
    }
    bool fits() const { return fits_; }

private:
    XmlTreeBuilder& builder_;
    bool fits_ = true;
};

/// Names of the children of the element that is walked.
class ChildNames final : public XmlHandler {
public:
    explicit ChildNames(std::vector<std::string>& names) : names_(names) {}
    void begin(XmlNames&) override {}
    bool start(const XmlStart& start) override {
        if (depth_++ == 1) names_.emplace_back(reinterpret_cast<const char*>(start.local));
        return names_.size() < 1000;
    }
    bool text(std::string_view) override { return true; }
    bool end() override {
        --depth_;
        return true;
    }

private:
    std::vector<std::string>& names_;
    int depth_ = 0;
};

/// The children of the element that is walked, each with all text in it.
class ChildTexts final : public XmlHandler {
public:
    explicit ChildTexts(RecordColumns& columns) : columns_(columns) {}
    void begin(XmlNames&) override {}
    bool start(const XmlStart& start) override {
        if (depth_++ == 1) name_ = reinterpret_cast<const char*>(start.local), text_.clear();
        return true;
    }
    bool text(std::string_view piece) override {
        if (depth_ > 1) text_ += piece;
        return true;
    }
    bool end() override {
        if (--depth_ == 1) columns_.add(name_, text_);
        return true;
    }

private:
    RecordColumns& columns_;
    std::string name_, text_;
    int depth_ = 0;
};

class XmlForm final : public AnswerForm {
public:
    XmlForm(const AnswerExpressions& given, const RefuseExpression& refuse)
        : namespaces_(given.namespaces), expressions_(given.namespaces), compares_pages_(given.compares_pages) {
        records_ = add(given.records, "records", refuse);
        total_ = add(given.total, "total", refuse);
        success_ = add(given.success, "success", refuse);
        message_ = add(given.message, "success", refuse);
        next_ = add(given.next, "next", refuse);
        time_ = add(given.time, "member", refuse);
        const std::size_t last_step = given.records.rfind('/');
        const bool plain = given.records.find_first_of("[(|") == std::string::npos;
        if (plain && last_step != std::string::npos && last_step > 0 && given.records[last_step - 1] != '/')
            list_ = add(given.records.substr(0, last_step), "records", refuse);
    }

    bool knowsList() const override { return list_.has_value(); }

    Result<Done> look(std::string_view utf8) override {
        builder_.emplace(8 * utf8.size() + 1024 * 1024);
        builder_->clear();
        Building building(*builder_);
        MemorySource source(utf8);
        const auto read = readXml(source, kDepthMax, building);
        if (!read) return read.error();
        if (!building.fits()) return Refusal{"too_large", {}, {}, "a document that fits into memory", {}};
        numberNodes(builder_->document());
        return Done{};
    }

    bool hasList() override { return !select(list_).nodes.empty(); }

    std::optional<std::string> text(AnswerQuestion question) override {
        const XPathValue value = select(question == AnswerQuestion::Total     ? total_
                                        : question == AnswerQuestion::Success ? success_
                                        : question == AnswerQuestion::Message ? message_
                                                                              : next_);
        if (value.kind == XPathValue::Kind::Nodes && value.nodes.empty()) return std::nullopt;
        return trimmed(value.text);
    }

    void describeRecords(AnswerFacts& facts) override {
        const XPathValue records = select(records_);
        facts.records = records.nodes.size();
        Sha256Stream digest;
        std::string text;
        std::uint64_t steps = kStepsMax;
        XPathValue time;
        RecordColumns columns;
        const bool compares = compares_pages_ && (!next_ || !facts.next.empty());
        for (const XmlNode* record : records.nodes) {
            text.clear();
            appendText(*record, text);
            if (compares) addTo(columns, *record);
            digest.update(text + '\n');
            facts.marks.push_back(shortDigest(text).substr(0, 16));
            if (!time_ || !expressions_.evaluate(*time_, builder_->document(), *record, time, steps)) continue;
            if (time.kind == XPathValue::Kind::Nodes && time.nodes.empty())
                ++facts.untimed;
            else if (!time.text.empty())
                facts.times.push_back(trimmed(time.text));
        }
        facts.digest = toHex(digest.finish().bytes).substr(0, 32);
        facts.columns = columns.digests();
        if (records.nodes.empty() || !isElement(*records.nodes.front())) return;
        ChildNames names(facts.fields);
        walkXml(builder_->document(), *records.nodes.front(), names);
    }

private:
    void addTo(RecordColumns& columns, const XmlNode& record) {
        ChildTexts children(columns);
        if (isElement(record)) walkXml(builder_->document(), record, children);
        columns.endRecord();
    }
    std::optional<std::size_t> add(const std::string& text, const char* setting, const RefuseExpression& refuse) {
        if (text.empty()) return std::nullopt;
        const auto scanned = scanXPath(text, namespaces_);
        if (!scanned) refuse(setting, "no XPath: " + scanned.error().rule + "; " + scanned.error().hint);
        const auto added = expressions_.add(text);
        if (!added) refuse(setting, "no XPath: " + added.error().rule + "; " + added.error().hint);
        return *added;
    }
    XPathValue select(const std::optional<std::size_t>& expression) {
        XPathValue value;
        std::uint64_t steps = kStepsMax;
        if (!expression) return value;
        if (!expressions_.evaluateFromDocument(*expression, builder_->document(), value, steps)) return {};
        return value;
    }
    static std::string trimmed(const std::string& text) {
        constexpr const char* kSpace = " \t\r\n";
        const std::size_t begin = text.find_first_not_of(kSpace);
        return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
    }

    XmlNamespaceMap namespaces_;
    XPathSet expressions_;
    std::optional<std::size_t> records_, list_, total_, success_, message_, next_, time_;
    const bool compares_pages_;
    std::optional<XmlTreeBuilder> builder_;
};

}  // namespace

std::unique_ptr<AnswerForm> makeXmlForm(const AnswerExpressions& expressions, const RefuseExpression& refuse) {
    return std::make_unique<XmlForm>(expressions, refuse);
}

}  // namespace caseway
