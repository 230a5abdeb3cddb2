// gateway/normalize/xml_pass.cpp - the XML side of the engine: events in, complete records out.
#include "gateway/normalize/xml_pass.hpp"

#include <fmt/format.h>

namespace caseway {
namespace {

/// What an element counts of its record's bytes, beside its text.
std::size_t costOf(const XmlStart& element) {
    return 16 + element.attributes.size() * 16;
}

}  // namespace

XmlPass::XmlPass(const Mapping::Plan& plan, const Limits& limits, RecordSink& sink, const XmlDocument* whole)
    : plan_(plan),
      limits_(limits),
      builder_(limits, sink),
      matcher_(plan, limits, *this),
      whole_(whole),
      budget_(limits.expression_steps) {
    if (!plan.expressions.empty()) xpaths_ = plan.borrowXPaths();
    if (whole != nullptr) numberNodes(*whole);
}

XmlPass::~XmlPass() {
    if (xpaths_) plan_.giveBack(std::move(xpaths_));
}

void XmlPass::begin(XmlNames& names) {
    const std::vector<Symbols::Entry>& entries = plan_.automaton.symbols.entries();
    std::size_t size = 16;
    while (size < entries.size() * 3) size *= 2;
    cells_.assign(size, Symbol{});
    mask_ = size - 1;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const XmlChars local = names.find(entries[i].name);
        locals_.push_back(local);
        const XmlChars uri = entries[i].uri.empty() ? nullptr : names.find(entries[i].uri);
        if (local == nullptr || (uri == nullptr && !entries[i].uri.empty())) continue;
        std::size_t at = hashOf(local) & mask_;
        while (cells_[at].number != 0) at = (at + 1) & mask_;
        cells_[at] = {local, uri, Symbols::kFirst + static_cast<std::uint32_t>(i)};
    }
    matcher_.enterRoot(0);
}

Result<Done> XmlPass::findRecords() {
    for (std::size_t kind = plan_.kinds.size(); kind-- > 0;) {
        const int expression = plan_.kinds[kind].records;
        if (expression == kNone) continue;
        const bool done =
            xpaths_->evaluateFromDocument(static_cast<std::size_t>(expression), *whole_, result_, budget_.left());
        if (!done || result_.kind != XPathValue::Kind::Nodes) {
            return Refusal{"records_not_found",
                           "records",
                           {},
                           "an expression that can be evaluated on the payload",
                           "simplify it (`caseway mapping check` tells what is costly), or send a smaller payload"};
        }
        for (const XmlNode* node : result_.nodes) {
            if (!isElement(*node)) {
                return Refusal{"records_not_found",
                               "records",
                               {},
                               "an expression that selects elements only",
                               "point `records` at elements, not at their attributes or texts"};
            }
            found_[node].push_back(static_cast<std::uint16_t>(kind));
        }
    }
    return Done{};
}

namespace {

void tooLarge(RecordState& record) {
    if (record.too_large.empty()) record.too_large = kTreeTooLarge;
}

}  // namespace

/// Where a tree takes no more, all records that look at it are too large.
template <class Event>
void XmlPass::forwardToTrees(const Event& event) {
    if (building_ == 0) return;
    for (std::size_t i = 0; i < extras_used_; ++i) {
        if (extras_[i].tree != i || event(*extras_[i].subtree)) continue;
        for (std::size_t reader = i; reader < extras_used_; ++reader)
            if (extras_[reader].tree == i) tooLarge(*matcher_.active()[reader]);
    }
}

bool XmlPass::start(const XmlStart& start) {
    ++level_;
    starting_ = &start;
    forwardToTrees([&start](XmlTreeBuilder& tree) { return tree.start(start); });
    if (!found_.empty()) {
        if (const auto found = found_.find(start.node); found != found_.end()) {
            for (const std::uint16_t kind : found->second) {
                matcher_.openRecord(kind, start.line);
                found_open_.push_back(level_);
            }
        }
    }
    if (!matcher_.active().empty()) matcher_.spend(costOf(start));
    const std::uint32_t symbol = symbolOf(start.local, start.uri);
    if (symbol == Symbols::kOtherName && matcher_.found() == 0) lookInOtherNamespace(start);
    matcher_.enter(symbol, start.line);
    const Automaton::State* state = matcher_.here();
    if (state != nullptr && state->has_attributes && !start.attributes.empty()) captureAttributes(*state, start);
    if (known_records_ != nullptr && state != nullptr && matcher_.active().empty()) around_.open(start, level_);
    return true;
}

/// Only the first elements: where it is not at the root, it is not far from it.
void XmlPass::lookInOtherNamespace(const XmlStart& start) {
    constexpr unsigned kLooks = 1000;
    if (missed_ || missed_looks_ == kLooks) return;
    ++missed_looks_;
    for (std::size_t i = 0; i < locals_.size(); ++i) {
        if (locals_[i] != start.local || !matcher_.looksFor(Symbols::kFirst + static_cast<std::uint32_t>(i))) continue;
        const Symbols::Entry& wanted = plan_.automaton.symbols.entries()[i];
        const auto* const uri = reinterpret_cast<const char*>(start.uri);
        missed_ = NamespaceMissed{wanted.name, uri == nullptr ? std::string() : std::string(uri), wanted.uri};
        return;
    }
}

bool XmlPass::leaf(const XmlStart& element, std::string_view whole) {
    const bool is_value = building_ == 0 && found_.empty();
    if (is_value &&
        matcher_.leaf(symbolOf(element.local, element.uri), element.line, costOf(element), RawKind::Text, whole))
        return true;
    return XmlHandler::leaf(element, whole);
}

void XmlPass::captureAttributes(const Automaton::State& state, const XmlStart& start) {
    for (const Action& action : state.actions) {
        if (action.kind != Action::Kind::CaptureAttribute) continue;
        for (const XmlAttribute& attribute : start.attributes) {
            if (symbolOf(attribute.local, attribute.uri) != action.attribute) continue;
            value_.clear();
            appendValue(start, attribute, value_);
            matcher_.put(action, RawKind::Text, value_);
            break;
        }
    }
}

bool XmlPass::text(std::string_view piece) {
    if (matcher_.active().empty()) return true;
    matcher_.text(piece);
    forwardToTrees([piece](XmlTreeBuilder& tree) { return tree.text(piece); });
    return true;
}

bool XmlPass::end() {
    forwardToTrees([](XmlTreeBuilder& tree) { return tree.end(), true; });
    bool goes_on = matcher_.leave();
    while (!found_open_.empty() && found_open_.back() == level_) {
        found_open_.pop_back();
        goes_on = matcher_.closeRecord() && goes_on;
    }
    if (known_records_ != nullptr && matcher_.active().empty()) around_.close(level_);
    --level_;
    return goes_on && !builder_.stopped();
}

void XmlPass::recordStarted(RecordState& record) {
    if (extras_used_ == extras_.size()) extras_.emplace_back();
    const std::size_t own = extras_used_++;
    Extra& extra = extras_[own];
    extra.node = starting_->node;
    extra.tree = kNoTree;
    if (!record.kind->evaluates || whole_ != nullptr || !record.too_large.empty()) return;
    for (std::size_t i = own; extra.tree == kNoTree && i-- > 0 && matcher_.active()[i]->level == record.level;)
        extra.tree = extras_[i].tree;
    if (extra.tree != kNoTree) return;
    extra.tree = own;
    ++building_;
    if (extra.subtree == nullptr) {
        extra.subtree = std::make_unique<XmlTreeBuilder>(recordTreeBytes(limits_));
    } else {
        extra.subtree->clear();
    }
    extra.subtree->start(*starting_);
}

bool XmlPass::recordEnded(RecordState& record) {
    const bool goes_on = finish(record);
    return matcher_.isRecordAt(record.level) ? goes_on : builder_.endNode(record) && goes_on;
}

bool XmlPass::finish(RecordState& record) {
    Extra& extra = extras_[--extras_used_];
    const bool is_own = extra.tree == extras_used_, is_built = extra.tree != kNoTree;
    if (is_own) --building_;
    if (record.kind->evaluates && record.too_large.empty()) {
        failed_ = kNone;
        budget_.earn(record.bytes);
        const XmlDocument& document = is_built ? extras_[extra.tree].subtree->document() : *whole_;
        if (is_built) numberNodes(document);
        evaluate(record, document, is_built ? *document.root() : *extra.node);
        if (failed_ != kNone) {
            const EvaluatedExpression& failed = plan_.expressions[static_cast<std::size_t>(failed_)];
            return builder_.refuseCostly(record, failed.place, comparesSets(failed.text) ? kMostComparingSteps : 0);
        }
    }
    return builder_.finish(record);
}

void XmlPass::evaluate(RecordState& record, const XmlDocument& document, const XmlNode& node) {
    evaluateCondition(record, record.kind->condition, 0, document, node);
    evaluateFields(record, record.kind->fields, 0, document, node);
    for (std::size_t list = 0; list < record.kind->lists.size(); ++list) {
        if (record.kind->lists[list].each != kNone)
            evaluateList(record, static_cast<std::uint16_t>(list), document, node);
    }
}

void XmlPass::evaluateFields(RecordState& record, const std::vector<FieldPlan>& fields, std::uint32_t first_slot,
                             const XmlDocument& document, const XmlNode& node) {
    for (const FieldPlan& field : fields) {
        evaluateCondition(record, field.condition, first_slot, document, node);
        evaluateOne(record, field.source, field.takes_all, first_slot, document, node);
    }
}

void XmlPass::evaluateCondition(RecordState& record, const std::optional<ConditionPlan>& condition,
                                std::uint32_t first_slot, const XmlDocument& document, const XmlNode& node) {
    if (condition) evaluateOne(record, condition->source, false, first_slot, document, node);
}

void XmlPass::evaluateOne(RecordState& record, const Source& source, bool takes_all, std::uint32_t first_slot,
                          const XmlDocument& document, const XmlNode& node) {
    if (source.expression == kNone || failed_ != kNone) return;
    const XPathValue* found = valueOf(source.expression, document, node);
    if (found == nullptr) return;
    const auto add = [&](std::string_view text, std::uint64_t line) {
        Slot slot;
        slot.kind = RawKind::Text;
        slot.aside = true;
        slot.truth = found->boolean;
        slot.line = static_cast<std::uint32_t>(line);
        slot.begin = static_cast<std::uint32_t>(record.aside.size());
        record.aside.append(text);
        slot.end = static_cast<std::uint32_t>(record.aside.size());
        putValue(record, first_slot + source.slot, slot, takes_all);
        budget_.spendOnText(text.size());
        if (budget_.isSpent()) failed_ = source.expression;
        if (record.aside.size() > limits_.record_bytes) record.too_large = kFoundTooLarge;
    };
    if (found->kind != XPathValue::Kind::Nodes) {
        add(found->text, 0);
        return;
    }
    for (const XmlNode* one : found->nodes) {
        value_.clear();
        appendText(*one, value_);
        add(value_, lineOf(*one));
        if (!takes_all || !record.too_large.empty() || failed_ != kNone) break;
    }
}

const XPathValue* XmlPass::valueOf(int expression, const XmlDocument& document, const XmlNode& node) {
    const auto number = static_cast<std::size_t>(expression);
    const bool same_everywhere = whole_ != nullptr && plan_.expressions[number].context_free;
    if (same_everywhere) {
        if (const auto known = remembered_.find(expression); known != remembered_.end()) return &known->second;
    }
    if (!xpaths_->evaluate(number, document, node, result_, budget_.left())) {
        failed_ = expression;
        return nullptr;
    }
    return same_everywhere ? &remembered_.emplace(expression, result_).first->second : &result_;
}

void XmlPass::evaluateList(RecordState& record, std::uint16_t list, const XmlDocument& document, const XmlNode& node) {
    const ListPlan& plan = record.kind->lists[list];
    if (failed_ != kNone) return;
    const XPathValue* found = valueOf(plan.each, document, node);
    if (found == nullptr) return;
    const std::vector<const XmlNode*> items = found->nodes;
    for (const XmlNode* item : items) {
        if (!record.too_large.empty() || failed_ != kNone) return;
        const std::uint32_t first = record.addItem(list);
        if (first == kNoSlot) return;
        evaluateCondition(record, plan.condition, first, document, *item);
        evaluateFields(record, plan.fields, first, document, *item);
    }
}

}  // namespace caseway
