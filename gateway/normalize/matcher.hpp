// gateway/normalize/matcher.hpp - follows the automaton through a document, whatever its format, and fills the slots of
// the records that are open. No allocation a record once its buffers have grown.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "gateway/base/limits.hpp"
#include "gateway/normalize/plan.hpp"
#include "gateway/normalize/record_state.hpp"

namespace caseway {

/// What a pass does when records come and go.
class RecordHost {
public:
    virtual ~RecordHost() = default;
    /// Nesting of the node that is being entered: kinds that find one node are told apart by it from records in
    /// records.
    virtual std::size_t level() const = 0;
    /// JSON: whether that node is an object.
    virtual bool entersObject() const { return false; }
    /// JSON: the text, number or truth value that is being entered; nothing where it is none, or says nothing.
    virtual std::optional<std::string_view> entersValue() const { return std::nullopt; }
    virtual void recordStarted(RecordState& record) = 0;
    /// False: stop the pass. `record` may be reused afterwards.
    virtual bool recordEnded(RecordState& record) = 0;
};

class Matcher {
public:
    Matcher(const Mapping::Plan& plan, const Limits& limits, RecordHost& host);

    /// The whole JSON value; for XML the document node, which has no line. To be closed by leave().
    void enterRoot(std::uint64_t line) { open(plan_.automaton.first(), line); }
    /// A child of the innermost open node.
    void enter(std::uint32_t symbol, std::uint64_t line) {
        if (skipped_ != 0) {
            ++skipped_;
            return;
        }
        Frame& parent = frames_.back();
        if (parent.has_texts) pauseTexts();
        const std::uint32_t next = plan_.automaton.next(parent.state, symbol, counters_.data() + parent.counters);
        if (next == Automaton::kDead) {
            skipped_ = 1;
            leaves_.row = nullptr;
        } else {
            open(next, line);
        }
    }
    bool leave() {
        if (skipped_ == 0) return close();
        if (--skipped_ != 0) return true;
        if (frames_.back().has_texts) resumeTexts();
        findLeaves();
        return true;
    }
    void text(std::string_view piece) {
        if (active_.empty()) return;
        addText(piece);
    }
    /// A JSON scalar, or an element that holds `text` and nothing else, in the place of spend(), enter(), the value and
    /// leave(). False: nothing was done, as more hangs on it than one value of one record. `clean`: see Slot.
    [[gnu::always_inline]] bool leaf(std::uint32_t symbol, std::uint64_t line, std::size_t cost, RawKind kind,
                                     std::string_view text, bool clean = false) {
        if (leaves_.row == nullptr) return skippedLeaf(cost, text);
        const Automaton::State& entered = plan_.automaton.state(static_cast<std::uint32_t>(leaves_.row[symbol]));
        if (!entered.takes_first && !entered.actions.empty()) return false;
        RecordState& record = *leaves_.record;
        record.bytes += cost + text.size();
        if (record.bytes > limits_.record_bytes) record.too_large = kTooManyBytes;
        if (!record.too_large.empty()) return true;
        Slot* const slot = entered.takes_first ? emptySlot(record, entered.actions.front()) : nullptr;
        if (slot != nullptr) {
            slot->kind = kind;
            slot->clean = clean;
            slot->progress = Slot::Progress::Done;
            slot->begin = static_cast<std::uint32_t>(record.text.size());
            slot->end = static_cast<std::uint32_t>(record.text.size() + text.size());
            slot->line = static_cast<std::uint32_t>(line);
        } else if (record.capturing == 0) {
            return true;
        }
        record.text.append(text);
        return true;
    }
    /// A value without children (JSON scalar): entered, put, left. Most values end here, without a frame.
    bool scalar(std::uint32_t symbol, RawKind kind, std::string_view value) {
        if (skipped_ != 0) return true;
        Frame& parent = frames_.back();
        const std::uint32_t next = plan_.automaton.next(parent.state, symbol, counters_.data() + parent.counters);
        if (next == Automaton::kDead) return true;
        return scalarIn(next, kind, value);
    }
    /// The state just entered; nullptr where nothing below matches.
    const Automaton::State* here() const {
        return skipped_ != 0 ? nullptr : &plan_.automaton.state(frames_.back().state);
    }
    /// Whether some path goes on through a child of this name.
    bool looksFor(std::uint32_t symbol) const {
        return skipped_ == 0 && plan_.automaton.looksFor(frames_.back().state, symbol);
    }
    /// A value known whole (attribute, JSON scalar) for an action of here().
    void put(const Action& action, RawKind kind, std::string_view value, bool object = false);
    /// The item that ends here is an array with elements, not one of them.
    void itemIsList(const Action& action);
    /// Is the value of this action still wanted?
    bool wants(const Action& action);
    std::vector<RecordState*>& active() { return active_; }
    /// Whether a kind has found the node at `level` that is open, beside those whose records have ended.
    bool isRecordAt(std::size_t level) const { return !active_.empty() && active_.back()->level == level; }
    /// A record that the pass itself found (evaluated); fills nothing by paths.
    RecordState& openRecord(std::uint16_t kind, std::uint64_t line);
    bool closeRecord();
    /// Whether children of the innermost open node are only told apart by their names, so that one that is left out
    /// changes nothing for the next.
    bool countsNoChildren() const { return skipped_ == 0 && plan_.automaton.state(frames_.back().state).counters == 0; }
    void addFound(std::uint64_t count) { found_ += count; }
    /// Records found so far, whatever became of them; one that several kinds find is one.
    std::uint64_t found() const { return found_; }
    std::uint32_t depth() const { return static_cast<std::uint32_t>(frames_.size()) + skipped_; }
    void spend(std::size_t bytes) {
        for (RecordState* record : active_) {
            record->bytes += bytes;
            if (record->bytes > limits_.record_bytes) record->too_large = kTooManyBytes;
        }
    }

private:
    struct Frame {
        std::uint32_t state = 0;
        std::uint32_t counters = 0;  ///< where its own begin
        std::uint32_t line = 0;
        bool has_texts = false;
        bool has_actions = false;
        bool takes_leaves = false;  ///< neither texts of its own nor counters
    };
    /// What leaf() needs to know of the innermost open node.
    struct Leaves {
        const std::int32_t* row = nullptr;  ///< states of its children; nullptr: leaf() takes none of them
        RecordState* record = nullptr;      ///< the only one that is open
        std::uint32_t depth = 0;            ///< of its children, below the record's
    };

    bool scalarIn(std::uint32_t state, RawKind kind, std::string_view value);
    void putAt(std::uint32_t depth, const Action& action, RawKind kind, std::string_view value, bool object);
    void open(std::uint32_t state, std::uint64_t line);
    bool close();
    void findLeaves();
    [[gnu::noinline]] bool skippedLeaf(std::size_t cost, std::string_view text);
    /// Node with one value and nothing else: the common leaf.
    void openLeaf(const Action& action, std::uint64_t line);
    void closeLeaf(const Action& action);
    void begin(const Action& action, std::uint64_t line);
    bool end(const Action& action);
    bool isOpen(const Action& action) const;
    void startItem(RecordState& record, const Action& action);
    void openCapture(RecordState& record, std::uint32_t slot, std::uint64_t line);
    void closeCapture(RecordState& record, std::uint32_t slot, const Action& action);
    void pauseTexts();
    void resumeTexts();
    void addText(std::string_view piece);
    RecordState* recordOf(const Action& action) { return recordAt(static_cast<std::uint32_t>(frames_.size()), action); }
    RecordState* recordAt(std::uint32_t node_depth, const Action& action) {
        const std::uint32_t depth = node_depth - action.depth;
        if (active_.empty()) return nullptr;
        RecordState* last = active_.back();
        if (last->depth == depth && last->kind_index == action.record_kind) return last;
        return outerRecord(depth, action);
    }
    RecordState* outerRecord(std::uint32_t depth, const Action& action);
    /// Index of the slot in the record; npos where its item is not open.
    std::uint32_t slotOf(const RecordState& record, const Action& action) const {
        if (action.list < 0) return action.slot;
        const std::uint32_t first = record.open_items[static_cast<std::size_t>(action.list)];
        return first == kNoSlot ? kNoSlot : first + action.slot;
    }

    /// The slot of a child of the innermost open node, where it is the record's and empty.
    Slot* emptySlot(RecordState& record, const Action& action) const {
        if (action.depth != leaves_.depth || record.kind_index != action.record_kind) return nullptr;
        const std::uint32_t index = slotOf(record, action);
        if (index == kNoSlot || record.slots[index].progress != Slot::Progress::Empty) return nullptr;
        return &record.slots[index];
    }

    const Mapping::Plan& plan_;
    Limits limits_;
    RecordHost& host_;
    std::vector<Frame> frames_;
    std::vector<std::uint32_t> counters_;
    std::uint32_t skipped_ = 0;
    Leaves leaves_;
    std::uint64_t found_ = 0;
    std::size_t nested_ = 0;            ///< nodes that are open and are records
    bool texts_;                        ///< values are texts between tags (XML); else they are put()
    std::vector<RecordState*> active_;  ///< outermost first
    std::vector<std::unique_ptr<RecordState>> spare_;
    std::vector<std::unique_ptr<RecordState>> owned_;
};

}  // namespace caseway
