// gateway/normalize/xml_pass.cpp - the XML side of the engine: events in, complete records out.
#include "gateway/normalize/xml_pass.hpp"

#include <fmt/format.h>

namespace caseway {

XmlPass::XmlPass(const Mapping::Plan& plan, const Limits& limits, RecordSink& sink, const XmlDocument* whole)
    : plan_(plan), limits_(limits), builder_(limits, sink), matcher_(plan, limits, *this), whole_(whole) {
    if (!plan.expressions.empty()) xpaths_ = plan.borrowXPaths();
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
        const bool done = xpaths_->evaluateFromDocument(static_cast<std::size_t>(expression), *whole_, result_);
        if (!done || result_.kind != XPathValue::Kind::Nodes) {
            return Refusal{"records_not_found",
                           "records",
                           {},
                           "an expression that selects elements",
                           "`caseway mapping run` shows what it does with this payload"};
        }
        for (const XmlNode* node : result_.nodes) {
            if (!isElement(*node)) {
                return Refusal{"records_not_found", "records", {}, "an expression that selects elements only", {}};
            }
            found_[node].push_back(static_cast<std::uint16_t>(kind));
        }
    }
    return Done{};
}

bool XmlPass::start(const XmlStart& start) {
    ++level_;
    starting_ = &start;
    if (building_ != 0) {
        for (std::size_t i = 0; i < extras_used_; ++i) {
            if (extras_[i].builds && !extras_[i].subtree->start(start))
                matcher_.active()[i]->too_large = "a smaller record";
        }
    }
    if (!found_.empty()) {
        if (const auto found = found_.find(start.node); found != found_.end()) {
            for (const std::uint16_t kind : found->second) {
                matcher_.openRecord(kind, start.line);
                found_open_.push_back(level_);
            }
        }
    }
    if (!matcher_.active().empty()) matcher_.spend(16 + start.attributes.size() * 16);
    matcher_.enter(symbolOf(start.local, start.uri), start.line);
    const Automaton::State* state = matcher_.here();
    if (state != nullptr && state->has_attributes && !start.attributes.empty()) captureAttributes(*state, start);
    return true;
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
    if (building_ != 0) {
        for (std::size_t i = 0; i < extras_used_; ++i) {
            if (extras_[i].builds && !extras_[i].subtree->text(piece))
                matcher_.active()[i]->too_large = "a smaller record";
        }
    }
    return true;
}

bool XmlPass::end() {
    if (building_ != 0) {
        for (std::size_t i = 0; i < extras_used_; ++i) {
            if (extras_[i].builds) extras_[i].subtree->end();
        }
    }
    bool goes_on = matcher_.leave();
    while (!found_open_.empty() && found_open_.back() == level_) {
        found_open_.pop_back();
        goes_on = matcher_.closeRecord() && goes_on;
    }
    --level_;
    return goes_on && !builder_.stopped();
}

void XmlPass::recordStarted(RecordState& record) {
    if (extras_used_ == extras_.size()) extras_.emplace_back();
    Extra& extra = extras_[extras_used_++];
    extra.node = starting_->node;
    extra.builds = record.kind->evaluates && whole_ == nullptr && record.too_large.empty();
    if (!extra.builds) return;
    ++building_;
    if (extra.subtree == nullptr) {
        extra.subtree = std::make_unique<XmlTreeBuilder>(limits_.record_bytes * 4);
    } else {
        extra.subtree->clear();
    }
    extra.subtree->start(*starting_);
}

bool XmlPass::recordEnded(RecordState& record) {
    Extra& extra = extras_[--extras_used_];
    if (extra.builds) --building_;
    if (record.kind->evaluates && record.too_large.empty()) {
        evaluation_failed_ = false;
        const XmlDocument& document = extra.builds ? extra.subtree->document() : *whole_;
        evaluate(record, document, extra.builds ? *extra.subtree->document().root() : *extra.node);
        if (evaluation_failed_) {
            return builder_.refuse(record, "expression_too_costly", "expressions that can be evaluated on the record",
                                   "simplify the mapping's expressions, or send a smaller record");
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
    if (source.expression == kNone || evaluation_failed_) return;
    if (!xpaths_->evaluate(static_cast<std::size_t>(source.expression), document, node, result_)) {
        evaluation_failed_ = true;
        return;
    }
    const auto add = [&](std::string_view text, std::uint64_t line) {
        Slot slot;
        slot.kind = RawKind::Text;
        slot.aside = true;
        slot.truth = result_.boolean;
        slot.line = static_cast<std::uint32_t>(line);
        slot.begin = static_cast<std::uint32_t>(record.aside.size());
        record.aside.append(text);
        slot.end = static_cast<std::uint32_t>(record.aside.size());
        putValue(record, first_slot + source.slot, slot, takes_all);
        if (record.aside.size() > limits_.record_bytes) record.too_large = "a smaller record";
    };
    if (result_.kind != XPathValue::Kind::Nodes) {
        add(result_.text, 0);
        return;
    }
    for (const XmlNode* found : result_.nodes) {
        value_.clear();
        appendText(*found, value_);
        add(value_, lineOf(*found));
        if (!takes_all || !record.too_large.empty()) break;
    }
}

void XmlPass::evaluateList(RecordState& record, std::uint16_t list, const XmlDocument& document, const XmlNode& node) {
    const ListPlan& plan = record.kind->lists[list];
    if (!xpaths_->evaluate(static_cast<std::size_t>(plan.each), document, node, result_)) {
        evaluation_failed_ = true;
        return;
    }
    const std::vector<const XmlNode*> items = std::move(result_.nodes);
    result_.nodes.clear();
    for (const XmlNode* item : items) {
        if (record.items.size() >= 20'000) record.too_large = "fewer items in one record";
        if (!record.too_large.empty() || evaluation_failed_) return;
        const auto first = static_cast<std::uint32_t>(record.slots.size());
        record.items.push_back({list, first});
        record.slots.resize(record.slots.size() + plan.slots);
        evaluateCondition(record, plan.condition, first, document, *item);
        evaluateFields(record, plan.fields, first, document, *item);
    }
}

}  // namespace caseway
