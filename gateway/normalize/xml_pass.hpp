// gateway/normalize/xml_pass.hpp - XML events through the matcher; record subtrees and XPath where a mapping needs
// them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "gateway/formats/xml/events.hpp"
#include "gateway/formats/xml/tree_builder.hpp"
#include "gateway/normalize/expression_budget.hpp"
#include "gateway/normalize/known_records.hpp"
#include "gateway/normalize/matcher.hpp"
#include "gateway/normalize/open_tags.hpp"
#include "gateway/normalize/record_builder.hpp"

namespace caseway {

class XmlPass final : public XmlHandler, public XmlElementBytes, private RecordHost {
public:
    /// `whole`: the document that the events walk over, where the plan needs the whole document; nullptr while
    /// streaming.
    XmlPass(const Mapping::Plan& plan, const Limits& limits, RecordSink& sink, const XmlDocument* whole);
    ~XmlPass() override;

    void begin(XmlNames& names) override;
    bool start(const XmlStart& start) override;
    bool text(std::string_view piece) override;
    bool end() override;
    bool leaf(const XmlStart& element, std::string_view whole) override;
    /// Itself, where the records of this plan can be known by their bytes and the sink asks for it; else nullptr.
    XmlElementBytes* bytes();
    bool wants() override;
    void ended(std::string_view bytes) override;
    std::size_t looksAhead() override;
    Known known(std::string_view ahead, std::uint64_t line) override;
    /// Finds the records that only XPath can find. Refusal: their expression could not be evaluated on this document.
    Result<Done> findRecords();
    const RecordBuilder& builder() const { return builder_; }
    std::uint64_t found() const { return matcher_.found(); }
    /// The first element before any record that a path would have gone through, were it in another namespace.
    const std::optional<NamespaceMissed>& missed() const { return missed_; }

private:
    struct Symbol {
        XmlChars local = nullptr;
        XmlChars uri = nullptr;
        std::uint32_t number = 0;
    };
    /// What a record needs beside its slots.
    struct Extra {
        std::unique_ptr<XmlTreeBuilder> subtree;  ///< streaming
        const XmlNode* node = nullptr;            ///< in the whole document
        std::size_t tree = kNoTree;  ///< whose subtree it looks at: kinds that find one node share the first one's
    };
    static constexpr std::size_t kNoTree = SIZE_MAX;

    std::size_t level() const override { return level_; }
    template <class Event>
    void forwardToTrees(const Event& event);
    void recordStarted(RecordState& record) override;
    bool recordEnded(RecordState& record) override;
    bool finish(RecordState& record);
    std::uint32_t symbolOf(XmlChars local, XmlChars uri) const {
        std::size_t at = hashOf(local) & mask_;
        while (cells_[at].number != 0) {
            if (cells_[at].local == local && cells_[at].uri == uri) return cells_[at].number;
            at = (at + 1) & mask_;
        }
        return Symbols::kOtherName;
    }
    static std::size_t hashOf(XmlChars local) {
        const auto bits = reinterpret_cast<std::uintptr_t>(local);
        return (bits >> 2) ^ (bits >> 9);
    }
    void lookInOtherNamespace(const XmlStart& start);
    void captureAttributes(const Automaton::State& state, const XmlStart& start);
    void evaluate(RecordState& record, const XmlDocument& document, const XmlNode& node);
    void evaluateFields(RecordState& record, const std::vector<FieldPlan>& fields, std::uint32_t first_slot,
                        const XmlDocument& document, const XmlNode& node);
    void evaluateCondition(RecordState& record, const std::optional<ConditionPlan>& condition, std::uint32_t first_slot,
                           const XmlDocument& document, const XmlNode& node);
    void evaluateOne(RecordState& record, const Source& source, bool takes_all, std::uint32_t first_slot,
                     const XmlDocument& document, const XmlNode& node);
    void evaluateList(RecordState& record, std::uint16_t list, const XmlDocument& document, const XmlNode& node);

    const Mapping::Plan& plan_;
    const Limits& limits_;
    RecordBuilder builder_;
    Matcher matcher_;
    /// What the expression yields at `node`, or remembered from an earlier record where it depends on none. nullptr: it
    /// could not be evaluated.
    const XPathValue* valueOf(int expression, const XmlDocument& document, const XmlNode& node);

    const XmlDocument* whole_;
    KnownRecords* known_records_ = nullptr;
    OpenTags around_;  ///< of the elements that are open around the records
    /// At the element whose bytes are wanted.
    std::uint64_t found_before_ = 0, records_before_ = 0, passed_over_before_ = 0;
    std::unique_ptr<XPathSet> xpaths_;
    ExpressionBudget budget_;
    std::unordered_map<int, XPathValue> remembered_;  ///< by expression: those that are the same for every record
    std::vector<Symbol> cells_;
    std::size_t mask_ = 0;
    std::vector<XmlChars> locals_;  ///< of the symbols, in their order
    std::optional<NamespaceMissed> missed_;
    unsigned missed_looks_ = 0;
    std::vector<Extra> extras_;  ///< one for each open record, outermost first; kept for reuse
    std::size_t extras_used_ = 0;
    std::size_t building_ = 0;  ///< open records that build a subtree
    const XmlStart* starting_ = nullptr;
    std::unordered_map<const XmlNode*, std::vector<std::uint16_t>> found_;  ///< records that XPath found
    std::vector<std::uint32_t> found_open_;                                 ///< levels at which found records are open
    std::uint32_t level_ = 0;
    std::string value_;
    XPathValue result_;
    int failed_ = kNone;  ///< the expression that could not be evaluated on this record
};

}  // namespace caseway
