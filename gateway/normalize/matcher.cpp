// gateway/normalize/matcher.cpp - what happens at the few nodes where a path ends; the rest is in the header, inlined.
#include "gateway/normalize/matcher.hpp"

#include <algorithm>
#include <cstring>

namespace caseway {
namespace {

constexpr std::size_t kMostNodes = 100'000;
constexpr std::size_t kMostNested = 16;  ///< records inside records: each keeps its own texts

}  // namespace

void GrowingText::appendLong(std::string_view text) {
    if (text.size() > capacity_ - size_) {
        capacity_ = std::max({size_ + text.size(), capacity_ * 2, std::size_t{1024}});
        auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
        if (size_ != 0) std::memcpy(larger.get(), bytes_.get(), size_);
        bytes_ = std::move(larger);
    }
    std::memcpy(bytes_.get() + size_, text.data(), text.size());
    size_ += text.size();
}

void putValue(RecordState& record, std::uint32_t slot, Slot value, bool takes_all) {
    value.progress = Slot::Progress::Done;
    if (takes_all) {
        if (record.nodes.size() >= kMostNodes)
            record.too_large = kTooManyNodes;
        else
            record.nodes.push_back({slot, value});
    }
    if (record.slots[slot].kind == RawKind::Missing) {
        record.slots[slot] = value;
    } else {
        record.slots[slot].progress = Slot::Progress::Done;
    }
}

/// As much as a filler may be, or as a masked value shows.
void RecordState::noteItemValue(RawKind value_kind, std::string_view value) {
    constexpr std::size_t kMostBytes = 200;
    std::size_t end = std::min(value.size(), kMostBytes);
    while (end != value.size() && end != 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;
    Slot slot;
    slot.kind = value_kind;
    slot.aside = true;
    slot.begin = static_cast<std::uint32_t>(aside.size());
    aside.append(value.substr(0, end));
    slot.end = static_cast<std::uint32_t>(aside.size());
    items.back().value = slot;
}

Matcher::Matcher(const Mapping::Plan& plan, const Limits& limits, RecordHost& host)
    : plan_(plan), limits_(limits), host_(host), texts_(plan.spec.format == SourceFormat::Xml) {
    limits_.record_bytes = std::min<std::size_t>(limits.record_bytes, 1U << 30);
    frames_.reserve(64);
    counters_.reserve(64);
}

RecordState* Matcher::outerRecord(std::uint32_t depth, const Action& action) {
    for (std::size_t i = active_.size(); i-- > 0;) {
        if (active_[i]->depth == depth && active_[i]->kind_index == action.record_kind) return active_[i];
    }
    return nullptr;
}

bool Matcher::scalarIn(std::uint32_t state, RawKind kind, std::string_view value) {
    const Automaton::State& entered = plan_.automaton.state(state);
    if (!entered.values_only) {
        open(state, 0);
        for (const Action& action : entered.actions) {
            if (action.kind == Action::Kind::Capture) put(action, kind, value);
        }
        return close();
    }
    const auto depth = static_cast<std::uint32_t>(frames_.size()) + 1;
    for (const Action& action : entered.actions) putAt(depth, action, kind, value, false);
    return true;
}

RecordState& Matcher::openRecord(std::uint16_t kind, std::uint64_t line) {
    if (spare_.empty()) spare_.push_back(std::make_unique<RecordState>());
    owned_.push_back(std::move(spare_.back()));
    spare_.pop_back();
    RecordState& record = *owned_.back();
    record.begin(plan_.kinds[kind], kind, static_cast<std::uint32_t>(frames_.size()), line);
    record.level = host_.level();
    if (!isRecordAt(record.level)) {
        ++found_;
        ++nested_;
    }
    active_.push_back(&record);
    if (nested_ > kMostNested) record.too_large = kTooNested;
    findLeaves();
    host_.recordStarted(record);
    return record;
}

bool Matcher::closeRecord() {
    RecordState& record = *active_.back();
    active_.pop_back();
    findLeaves();
    if (!isRecordAt(record.level)) --nested_;
    const bool goes_on = host_.recordEnded(record);
    spare_.push_back(std::move(owned_.back()));
    owned_.pop_back();
    return goes_on;
}

void Matcher::open(std::uint32_t state, std::uint64_t line) {
    const Automaton::State& entered = plan_.automaton.state(state);
    Frame frame;
    frame.state = state;
    frame.line = static_cast<std::uint32_t>(line);
    frame.counters = static_cast<std::uint32_t>(counters_.size());
    frame.has_texts = entered.has_texts;
    frame.has_actions = !entered.actions.empty();
    frame.takes_leaves = !entered.has_texts && entered.counters == 0;
    frames_.push_back(frame);
    if (entered.counters != 0) counters_.resize(counters_.size() + entered.counters, 0);
    findLeaves();
    for (const Action& action : entered.actions) begin(action, line);
}

/// To be called whenever a node or a record was opened or closed.
void Matcher::findLeaves() {
    leaves_.row = nullptr;
    if (active_.size() != 1 || skipped_ != 0 || frames_.empty() || !frames_.back().takes_leaves) return;
    leaves_.row = plan_.automaton.row(frames_.back().state);
    leaves_.record = active_.front();
    leaves_.depth = static_cast<std::uint32_t>(frames_.size()) + 1 - leaves_.record->depth;
}

/// Below a node that nothing matches, values count for the size of their record and are part of texts around them.
bool Matcher::skippedLeaf(std::size_t cost, std::string_view text) {
    if (active_.size() != 1 || skipped_ == 0) return false;
    spend(cost);
    addText(text);
    return true;
}

void Matcher::openLeaf(const Action& action, std::uint64_t line) {
    RecordState* record = recordOf(action);
    if (record == nullptr || !record->too_large.empty()) return;
    const std::uint32_t slot = slotOf(*record, action);
    if (slot != kNoSlot && (action.takes_all || record->slots[slot].progress == Slot::Progress::Empty)) {
        openCapture(*record, slot, line);
    }
}

void Matcher::closeLeaf(const Action& action) {
    RecordState* record = recordOf(action);
    if (record == nullptr) return;
    const std::uint32_t slot = slotOf(*record, action);
    if (slot != kNoSlot) closeCapture(*record, slot, action);
}

void Matcher::begin(const Action& action, std::uint64_t line) {
    if (action.of_object && !host_.entersObject() && !(action.takes_value && host_.entersValue())) return;
    if (action.kind == Action::Kind::StartRecord) {
        openRecord(action.record_kind, line);
        return;
    }
    if (action.kind == Action::Kind::CaptureAttribute || (!texts_ && action.kind == Action::Kind::Capture)) return;
    if (action.kind != Action::Kind::StartItem) return openLeaf(action, line);
    RecordState* record = recordOf(action);
    if (record != nullptr && record->too_large.empty()) startItem(*record, action);
}

void Matcher::startItem(RecordState& record, const Action& action) {
    const std::uint32_t first = record.addItem(static_cast<std::uint16_t>(action.list));
    if (first == kNoSlot) return;
    record.open_items[static_cast<std::size_t>(action.list)] = first;
    if (!action.takes_value) return;
    if (const auto value = host_.entersValue()) record.noteItemValue(RawKind::Text, *value);
}

void Matcher::itemIsList(const Action& action) {
    RecordState* record = recordOf(action);
    if (record == nullptr) return;
    const std::uint32_t first = record->open_items[static_cast<std::size_t>(action.list)];
    for (std::size_t i = record->items.size(); first != kNoSlot && i-- > 0;) {
        if (record->items[i].first_slot != first) continue;
        record->items[i].is_list = true;
        return;
    }
}

void Matcher::openCapture(RecordState& record, std::uint32_t slot, std::uint64_t line) {
    Slot& one = record.slots[slot];
    if (one.kind == RawKind::Missing) {
        one.begin = static_cast<std::uint32_t>(record.text.size());
        one.line = static_cast<std::uint32_t>(line);
    } else {
        one.end = one.begin;  // takes all: the first node is kept in record.nodes already
        one.begin = static_cast<std::uint32_t>(record.text.size());
    }
    one.progress = Slot::Progress::Open;
    ++record.capturing;
}

void Matcher::closeCapture(RecordState& record, std::uint32_t slot, const Action& action) {
    Slot& one = record.slots[slot];
    if (one.progress != Slot::Progress::Open) {
        if (one.progress == Slot::Progress::Waiting)
            one.progress = one.kind == RawKind::Missing ? Slot::Progress::Empty : Slot::Progress::Done;
        return;
    }
    --record.capturing;
    const auto end = static_cast<std::uint32_t>(record.text.size());
    if (action.kind == Action::Kind::CaptureText && end == one.begin) {
        one.progress = one.kind == RawKind::Missing ? Slot::Progress::Empty : Slot::Progress::Done;
        return;
    }
    one.kind = RawKind::Text;
    one.end = end;
    one.progress = Slot::Progress::Done;
    if (!action.takes_all) return;
    if (record.nodes.size() >= kMostNodes)
        record.too_large = kTooManyNodes;
    else
        record.nodes.push_back({slot, one});
}

/// A list in the place of an only record opened none.
bool Matcher::isOpen(const Action& action) const {
    if (!action.of_object) return true;
    if (active_.empty()) return false;
    const RecordState& last = *active_.back();
    return last.depth == frames_.size() && last.kind_index == action.record_kind;
}

bool Matcher::end(const Action& action) {
    if (action.kind == Action::Kind::StartRecord) return isOpen(action) ? closeRecord() : true;
    if (action.kind == Action::Kind::CaptureAttribute || (!texts_ && action.kind == Action::Kind::Capture)) return true;
    if (action.kind != Action::Kind::StartItem) {
        closeLeaf(action);
    } else if (RecordState* record = recordOf(action)) {
        record->open_items[static_cast<std::size_t>(action.list)] = kNoSlot;
    }
    return true;
}

bool Matcher::close() {
    const Frame frame = frames_.back();
    bool goes_on = true;
    if (frame.has_actions) {
        const std::vector<Action>& actions = plan_.automaton.state(frame.state).actions;
        for (std::size_t i = actions.size(); i-- > 0;) goes_on = end(actions[i]) && goes_on;
    }
    frames_.pop_back();
    if (counters_.size() != frame.counters) counters_.resize(frame.counters);
    findLeaves();
    if (!frames_.empty() && frames_.back().has_texts) resumeTexts();
    return goes_on;
}

/// A child begins: the text node before it is complete, and its own text is not part of any text node of the parent.
void Matcher::pauseTexts() {
    for (const Action& action : plan_.automaton.state(frames_.back().state).actions) {
        if (action.kind != Action::Kind::CaptureText) continue;
        RecordState* record = recordOf(action);
        if (record == nullptr) continue;
        const std::uint32_t slot = slotOf(*record, action);
        if (slot == kNoSlot || record->slots[slot].progress != Slot::Progress::Open) continue;
        closeCapture(*record, slot, action);
        Slot& one = record->slots[slot];
        if (action.takes_all || one.kind == RawKind::Missing) one.progress = Slot::Progress::Waiting;
    }
}

void Matcher::resumeTexts() {
    for (const Action& action : plan_.automaton.state(frames_.back().state).actions) {
        if (action.kind != Action::Kind::CaptureText) continue;
        RecordState* record = recordOf(action);
        if (record == nullptr) continue;
        const std::uint32_t slot = slotOf(*record, action);
        if (slot == kNoSlot || record->slots[slot].progress != Slot::Progress::Waiting) continue;
        openCapture(*record, slot, frames_.back().line);
    }
}

void Matcher::addText(std::string_view piece) {
    for (RecordState* record : active_) {
        record->bytes += piece.size();
        if (record->bytes > limits_.record_bytes) record->too_large = kTooManyBytes;
        if (record->capturing != 0 && record->too_large.empty()) record->text.append(piece);
    }
}

bool Matcher::wants(const Action& action) {
    RecordState* record = recordOf(action);
    if (record == nullptr || !record->too_large.empty()) return false;
    const std::uint32_t slot = slotOf(*record, action);
    return slot != kNoSlot && (action.takes_all || record->slots[slot].kind == RawKind::Missing);
}

void Matcher::put(const Action& action, RawKind kind, std::string_view value, bool object) {
    putAt(static_cast<std::uint32_t>(frames_.size()), action, kind, value, object);
}

void Matcher::putAt(std::uint32_t depth, const Action& action, RawKind kind, std::string_view value, bool object) {
    RecordState* record = recordAt(depth, action);
    if (record == nullptr || !record->too_large.empty()) return;
    const std::uint32_t slot = slotOf(*record, action);
    if (slot == kNoSlot || (!action.takes_all && record->slots[slot].kind != RawKind::Missing)) return;
    const std::size_t begin = record->aside.size();
    if (begin + value.size() > limits_.record_bytes) {
        record->too_large = kFoundTooLarge;
        return;
    }
    record->aside.append(value);
    const auto fill = [&](Slot& found) {
        found.kind = kind;
        found.progress = Slot::Progress::Done;
        found.aside = true;
        found.object = object;
        found.begin = static_cast<std::uint32_t>(begin);
        found.end = static_cast<std::uint32_t>(begin + value.size());
        found.line = frames_.back().line;
    };
    // In its place, not copied there: a copy of what was just written byte by byte makes the processor wait.
    if (!action.takes_all) return fill(record->slots[slot]);
    Slot found;
    fill(found);
    putValue(*record, slot, found, true);
}

}  // namespace caseway
