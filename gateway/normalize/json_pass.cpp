// gateway/normalize/json_pass.cpp - events in, complete records out. Values of evaluated expressions:
// json_evaluate.cpp.
#include "gateway/normalize/json_pass.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "gateway/base/mask.hpp"
#include "gateway/domain/unreadable_record.hpp"
#include "gateway/normalize/number_form.hpp"
#include "gateway/normalize/white_space.hpp"

namespace caseway {
namespace {

constexpr std::size_t kScalarCost = 8;        ///< bytes of a record that a value counts for beside its text
constexpr std::size_t kMostPathBytes = 2048;  ///< of a pointer in a message; a longer one ends between two names

}  // namespace

JsonPass::JsonPass(const Mapping::Plan& plan, const Limits& limits, RecordSink& sink, const JsonValue* whole)
    : plan_(plan),
      limits_(limits),
      builder_(limits, sink),
      matcher_(plan, limits, *this),
      whole_(whole),
      records_nest_(plan.kinds.size() > 1 || whole != nullptr),
      budget_(limits.expression_steps) {}

namespace {

void tooLarge(RecordState& record) {
    if (record.too_large.empty()) record.too_large = kTreeTooLarge;
}

}  // namespace

/// Where a tree takes no more, all records that look at it are too large.
template <class Event>
void JsonPass::forwardToBuilders(const Event& event) {
    for (std::size_t i = 0; building_ != 0 && i < extras_used_; ++i) {
        if (extras_[i].tree != i || event(*extras_[i].subtree->builder)) continue;
        for (std::size_t reader = i; reader < extras_used_; ++reader)
            if (extras_[reader].tree == i) tooLarge(*matcher_.active()[reader]);
    }
    for (ArrayCapture& capture : arrays_) {
        if (!event(*capture.subtree->builder) && !matcher_.active().empty()) {
            tooLarge(*matcher_.active().back());
        }
    }
}

void JsonPass::openFound() {
    const auto found = found_.find(current_);
    if (found == found_.end()) return;
    for (const std::uint16_t kind : found->second) {
        matcher_.openRecord(kind, 0);
        found_open_.push_back(nesting_);
    }
}

bool JsonPass::closeFound(bool goes_on) {
    while (!found_open_.empty() && found_open_.back() == nesting_) {
        found_open_.pop_back();
        goes_on = matcher_.closeRecord() && goes_on;
    }
    return goes_on;
}

void JsonPass::enterValue() {
    ++nesting_;
    if (!found_.empty()) openFound();
    matcher_.spend(kScalarCost);
    if (levels_.empty()) {
        matcher_.enterRoot(0);
    } else {
        matcher_.enter(nextSymbol(), 0);
    }
}

bool JsonPass::leaveValue() {
    bool goes_on = matcher_.leave();
    if (!found_open_.empty()) goes_on = closeFound(goes_on);
    --nesting_;
    return goes_on && !builder_.stopped();
}

bool JsonPass::scalar(RawKind kind, std::string_view value) {
    return scalarAs(levels_.empty() ? 0 : nextSymbol(), kind, value);
}

bool JsonPass::scalarAs(std::uint32_t symbol, RawKind kind, std::string_view value) {
    ++nesting_;
    scalar_kind_ = kind;
    scalar_text_ = value;
    if (!found_.empty()) openFound();
    matcher_.spend(value.size() + kScalarCost);
    bool goes_on = true;
    if (levels_.empty()) {
        matcher_.enterRoot(0);
        for (const Action& action : matcher_.here()->actions) {
            if (action.kind == Action::Kind::Capture) matcher_.put(action, kind, value);
        }
        goes_on = matcher_.leave();
    } else {
        goes_on = matcher_.scalar(symbol, kind, value);
    }
    if (!found_open_.empty()) goes_on = closeFound(goes_on);
    --nesting_;
    scalar_kind_ = RawKind::Missing;
    return goes_on && !builder_.stopped();
}

/// What converters write for an element that is empty is no value.
std::optional<std::string_view> JsonPass::entersValue() const {
    const bool is_there = scalar_kind_ != RawKind::Missing && scalar_kind_ != RawKind::Null;
    if (!is_there || (!is_long_text_ && trimmed(scalar_text_).empty())) return std::nullopt;
    return scalar_text_;
}

/// A scalar that is a record: its only event.
void JsonPass::feedScalar(JsonTreeBuilder& builder) {
    if (scalar_kind_ == RawKind::Text) builder.text(scalar_text_);
    if (scalar_kind_ == RawKind::Number) builder.number(scalar_text_);
    if (scalar_kind_ == RawKind::Boolean) builder.boolean(scalar_text_ == "true");
    if (scalar_kind_ == RawKind::Null) builder.null();
}

/// Most values are one field of one record, and nobody else wants to see them.
bool JsonPass::text(std::string_view value) {
    if (says_unreadable_ || watchers_ != 0 || levels_.empty()) return textForAll(value);
    const std::uint32_t symbol = nextSymbol();
    if (matcher_.leaf(symbol, 0, kScalarCost, RawKind::Text, value)) return !builder_.stopped();
    return scalarAs(symbol, RawKind::Text, value);
}
bool JsonPass::textForAll(std::string_view value) {
    if (says_unreadable_ && !matcher_.active().empty()) matcher_.active().back()->unreadable.assign(value);
    says_unreadable_ = false;
    forward([&](JsonTreeBuilder& builder) { return builder.text(value); });
    return scalar(RawKind::Text, value);
}
/// Nobody has it, so all records that it stands in, or that it is, are too large.
bool JsonPass::longText() {
    says_unreadable_ = false;
    for (RecordState* const record : matcher_.active()) record->too_large = kTooLongText;
    forward([](JsonTreeBuilder& builder) { return builder.text({}); });
    is_long_text_ = true;
    const bool goes_on = scalar(RawKind::Text, {});
    is_long_text_ = false;
    return goes_on;
}
bool JsonPass::number(std::string_view literal) {
    says_unreadable_ = false;
    forward([&](JsonTreeBuilder& builder) { return builder.number(literal); });
    return scalar(RawKind::Number, literal);
}
bool JsonPass::boolean(bool value) {
    says_unreadable_ = false;
    forward([&](JsonTreeBuilder& builder) { return builder.boolean(value); });
    return scalar(RawKind::Boolean, value ? "true" : "false");
}
bool JsonPass::null() {
    says_unreadable_ = false;
    forward([&](JsonTreeBuilder& builder) { return builder.null(); });
    return scalar(RawKind::Null, {});
}

/// Inside a record its pointer is told by the record's own; a name is only a symbol there.
bool JsonPass::takeKey(std::string_view name, std::uint32_t symbol) {
    key_symbol_ = symbol;
    is_without_members_ = false;
    says_unreadable_ = name == kUnreadableMember;
    if (records_nest_ || watchers_ != 0 || matcher_.active().empty()) return keyForAll(name);
    return true;
}
bool JsonPass::keyForAll(std::string_view name) {
    if (records_nest_ || matcher_.active().empty()) key_.assign(name);
    forward([&](JsonTreeBuilder& builder) { return builder.key(name); });
    return true;
}

bool JsonPass::key(std::string_view name) {
    return takeKey(name, plan_.json_names.symbolOf(name));
}

/// The note is the symbol, counted from 1; a name that says more than its symbol has none.
bool JsonPass::keyAgain(std::string_view name, std::uint32_t& note) {
    if (note != 0) return takeKey(name, note - 1);
    const std::uint32_t symbol = plan_.json_names.symbolOf(name);
    if (name != kUnreadableMember) note = symbol + 1;
    return takeKey(name, symbol);
}

/// As text(): nobody asks for the name then, only for its symbol.
bool JsonPass::textAgain(std::string_view name, std::uint32_t& note, std::string_view value) {
    is_without_members_ = false;
    const bool is_known = note != 0 && !says_unreadable_ && watchers_ == 0;
    if (is_known && matcher_.leaf(note - 1, 0, kScalarCost, RawKind::Text, value, true)) return true;
    return textForAllAgain(name, note, value);
}
bool JsonPass::textForAllAgain(std::string_view name, std::uint32_t& note, std::string_view value) {
    return keyAgain(name, note) && text(value);
}

/// The step of the pointer to a value in the innermost container; `index`: where that is an array.
void JsonPass::appendStep(std::uint32_t index) {
    if (levels_.empty() || path_.size() >= kMostPathBytes) return;
    if (levels_.back().array) {
        char digits[16];
        const auto end = std::to_chars(digits, digits + sizeof digits, index).ptr;
        path_ += '/';
        path_.append(digits, end);
    } else {
        appendPointerToken(mappingWrites(key_) ? key_ : masked(key_), path_);
    }
}

/// The pointer of the container that is about to be entered.
void JsonPass::openLevel(bool array) {
    says_unreadable_ = false;
    Level level;
    level.array = array;
    level.path_bytes = static_cast<std::uint32_t>(path_.size());
    if (records_nest_ || matcher_.active().empty()) appendStep(levels_.empty() ? 0 : levels_.back().index);
    enters_object_ = !array;
    enterValue();
    enters_object_ = false;
    levels_.push_back(level);
}

bool JsonPass::closeLevel() {
    path_.resize(levels_.back().path_bytes);
    closes_array_ = levels_.back().array;
    levels_.pop_back();
    const bool goes_on = leaveValue();
    closes_array_ = false;
    return goes_on;
}

/// An array is kept from here on.
void JsonPass::openCaptures() {
    const Automaton::State* state = matcher_.here();
    if (state == nullptr) return;
    const bool captures = std::any_of(state->actions.begin(), state->actions.end(), [this](const Action& action) {
        return action.kind == Action::Kind::Capture && matcher_.wants(action);
    });
    if (!captures) return;
    arrays_.push_back({newSubtree(), levels_.size()});
    ++watchers_;
}

/// An object is found but is no value; an empty one is what converters write for an element without anything.
void JsonPass::putObject(bool is_empty) {
    const Automaton::State* state = matcher_.here();
    if (state == nullptr) return;
    for (const Action& action : state->actions)
        if (action.kind == Action::Kind::Capture) matcher_.put(action, RawKind::Text, {}, !is_empty);
}

std::unique_ptr<JsonPass::Subtree> JsonPass::newSubtree() {
    auto subtree = std::make_unique<Subtree>();
    subtree->builder = std::make_unique<JsonTreeBuilder>(subtree->tree, recordTreeBytes(limits_));
    subtree->builder->begin();
    return subtree;
}

void JsonPass::finishArray() {
    const Automaton::State* state = matcher_.here();
    const JsonValue* root = arrays_.back().subtree->tree.root();
    if (state != nullptr && root != nullptr) {
        value_.clear();
        appendCanonical(*root, value_, appendExactNumber);
        for (const Action& action : state->actions) {
            if (action.kind == Action::Kind::Capture) matcher_.put(action, RawKind::Array, value_);
        }
    }
    arrays_.pop_back();
    --watchers_;
}

/// An empty array is no item that got lost.
void JsonPass::noteListItems() {
    const Automaton::State* state = matcher_.here();
    if (state == nullptr || levels_.back().index == 0) return;
    for (const Action& action : state->actions) {
        if (action.kind == Action::Kind::StartItem && !action.of_object) matcher_.itemIsList(action);
    }
}

bool JsonPass::startObject() {
    openLevel(false);
    forward([](JsonTreeBuilder& builder) { return builder.startObject(); });
    is_without_members_ = true;
    return true;
}
bool JsonPass::endObject() {
    forward([](JsonTreeBuilder& builder) { return builder.endObject(); });
    putObject(std::exchange(is_without_members_, false));
    return closeLevel();
}
bool JsonPass::startArray() {
    openLevel(true);
    openCaptures();
    forward([](JsonTreeBuilder& builder) { return builder.startArray(); });
    return true;
}
bool JsonPass::endArray() {
    forward([](JsonTreeBuilder& builder) { return builder.endArray(); });
    if (!arrays_.empty() && arrays_.back().level == levels_.size()) finishArray();
    noteListItems();
    return closeLevel();
}

void JsonPass::recordStarted(RecordState& record) {
    if (extras_used_ == extras_.size()) extras_.emplace_back();
    const std::size_t own = extras_used_++;
    Extra& extra = extras_[own];
    extra.node = current_;
    extra.tree = kNoTree;
    record.pointer = path_;
    if (scalar_kind_ != RawKind::Missing && !levels_.empty()) {  // its index is counted already, but opened no level
        const std::size_t path_bytes = path_.size();
        appendStep(levels_.back().index - 1);
        record.pointer = path_;
        path_.resize(path_bytes);
    }
    if (is_long_text_) record.too_large = kTooLongText;
    if (!record.kind->evaluates || whole_ != nullptr || !record.too_large.empty()) return;
    for (std::size_t i = own; extra.tree == kNoTree && i-- > 0 && matcher_.active()[i]->level == record.level;)
        extra.tree = extras_[i].tree;
    if (extra.tree != kNoTree) return;
    extra.tree = own;
    ++building_;
    ++watchers_;
    if (extra.subtree == nullptr) {
        extra.subtree = newSubtree();
    } else {
        extra.subtree->builder->begin();
    }
    if (scalar_kind_ != RawKind::Missing) feedScalar(*extra.subtree->builder);
}

bool JsonPass::recordEnded(RecordState& record) {
    const bool goes_on = finish(record);
    return matcher_.isRecordAt(record.level) ? goes_on : builder_.endNode(record) && goes_on;
}

bool JsonPass::finish(RecordState& record) {
    Extra& extra = extras_[--extras_used_];
    if (extra.tree == extras_used_) {
        --building_;
        --watchers_;
    }
    record.is_list = closes_array_;
    if (record.kind->evaluates && record.too_large.empty()) {
        failed_ = kNone;
        budget_.earn(record.bytes);
        const JsonValue* node = extra.tree != kNoTree ? extras_[extra.tree].subtree->tree.root() : extra.node;
        if (node == nullptr) return builder_.refuseTooLarge(record);
        evaluate(record, *node);
        if (failed_ != kNone)
            return builder_.refuseCostly(record, plan_.expressions[static_cast<std::size_t>(failed_)].place);
    }
    return builder_.finish(record);
}

bool JsonPass::walk(const JsonValue& value) {
    current_ = &value;
    switch (value.type) {
        case JsonValue::Type::Null:
            return null();
        case JsonValue::Type::False:
            return boolean(false);
        case JsonValue::Type::True:
            return boolean(true);
        case JsonValue::Type::Number:
            return number(value.text);
        case JsonValue::Type::String:
            return text(value.text);
        default:
            return walkChildren(value);
    }
}

/// Recursion is as deep as the document, which has passed the depth limit.
bool JsonPass::walkChildren(const JsonValue& value) {
    const bool array = value.type == JsonValue::Type::Array;
    if (!(array ? startArray() : startObject())) return false;
    for (std::uint32_t i = 0; i < value.count; ++i) {
        if (array) {
            if (!walk(value.items[i])) return false;
        } else if (!key(value.members[i].name) || !walk(value.members[i].value)) {
            return false;
        }
    }
    return array ? endArray() : endObject();
}

}  // namespace caseway
