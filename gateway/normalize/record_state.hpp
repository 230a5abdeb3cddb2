// gateway/normalize/record_state.hpp - what has been found of one record so far: slots that point into two buffers,
// which keep their memory from record to record. Views are made of them only when the record is complete.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/byte_blocks.hpp"
#include "gateway/normalize/plan.hpp"

namespace caseway {

inline constexpr std::uint32_t kNoSlot = 0xffffffffU;
inline constexpr std::size_t kMostItems = 20'000;  ///< of one record, all its lists together
/// What RecordState::too_large may say; the first three are set by limits.record_bytes.
inline constexpr std::string_view kTooManyBytes = "bytes";
inline constexpr std::string_view kTreeTooLarge = "tree";    ///< of what the expressions are evaluated on
inline constexpr std::string_view kFoundTooLarge = "found";  ///< what they find, a part of the record again and again
inline constexpr std::string_view kTooManyNodes = "at most 100,000 nodes for one field; no setting changes that";
inline constexpr std::string_view kTooManyItems =
    "at most 20,000 items in all lists of one record; no setting changes that";
inline constexpr std::string_view kTooLongText = "at most 64 MiB in one text; no setting changes that";
inline constexpr std::string_view kTooNested = "records nested at most 16 deep; no setting changes that";

struct Slot {
    enum class Progress : std::uint8_t { Empty, Open, Waiting, Done };
    RawKind kind = RawKind::Missing;
    Progress progress = Progress::Empty;
    bool aside : 1 = false;   ///< in `aside` instead of `text`
    bool object : 1 = false;  ///< a JSON object stands here: no value
    bool truth : 1 = true;    ///< conditions that were evaluated: the boolean value
    bool clean : 1 = false;   ///< known to hold no quote, backslash or control character
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t line = 0;
};

/// A node of a slot that takes all.
struct SlotNode {
    std::uint32_t slot = 0;
    Slot value;
};

struct FoundItem {
    std::uint16_t list = 0;
    std::uint32_t first_slot = 0;
    bool is_list = false;  ///< JSON: what was found is an array with elements
    std::optional<Slot>
        value{};  ///< JSON, of an opened list: what was found is no object but this, of which the begin is kept
};

/// The texts of a record, one after the other. A std::string, but appending short texts is inlined: every value of
/// every record comes here.
class GrowingText {
public:
    void append(std::string_view text) {
        if (text.size() > std::min(capacity_ - size_, kShortBytes)) return appendLong(text);
        copyShort(text, bytes_.get() + size_);
        size_ += text.size();
    }
    void clear() { size_ = 0; }
    std::size_t size() const { return size_; }
    const char* data() const { return bytes_.get(); }

private:
    [[gnu::noinline]] void appendLong(std::string_view text);
    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

struct RecordState {
    const KindPlan* kind = nullptr;
    std::uint16_t kind_index = 0;
    std::uint32_t depth = 0;  ///< nesting at which it started
    std::size_t level = 0;    ///< of its node (RecordHost::level): kinds that find one node share it
    std::uint64_t line = 0;
    std::string pointer;
    GrowingText text;         ///< of elements; ranges of it may overlap
    GrowingText aside;        ///< attributes and evaluated values
    std::vector<Slot> slots;  ///< the record's, then each item's
    std::vector<SlotNode> nodes;
    std::vector<FoundItem> items;
    std::vector<std::uint32_t> open_items;  ///< by list: first slot of the item being read
    std::uint32_t capturing = 0;            ///< open captures
    std::size_t bytes = 0;
    bool is_list = false;        ///< JSON: what was found is an array
    std::string_view too_large;  ///< the limit that it broke; empty where none
    std::string unreadable;      ///< why its connector could not read it whole; empty where it could

    void begin(const KindPlan& plan, std::uint16_t index, std::uint32_t at_depth, std::uint64_t at_line) {
        kind = &plan;
        kind_index = index;
        depth = at_depth;
        line = at_line;
        pointer.clear();
        text.clear();
        aside.clear();
        slots.assign(plan.slots, Slot{});
        nodes.clear();
        items.clear();
        open_items.assign(plan.lists.size(), kNoSlot);
        capturing = 0;
        bytes = 0;
        is_list = false;
        too_large = {};
        unreadable.clear();
    }
    /// Adds an item with its slots; the first of them. kNoSlot where the record has too many: it is too large then.
    std::uint32_t addItem(std::uint16_t list) {
        if (items.size() >= kMostItems) {
            too_large = kTooManyItems;
            return kNoSlot;
        }
        const auto first = static_cast<std::uint32_t>(slots.size());
        items.push_back({list, first, false, {}});
        slots.resize(slots.size() + kind->lists[list].slots);
        return first;
    }
    /// The item that was added last is no object but one value.
    void noteItemValue(RawKind value_kind, std::string_view value);
    /// By list, in the order of the mapping: a list that is evaluated gets its items behind those that stream.
    void orderItems() {
        const auto by_list = [](const FoundItem& a, const FoundItem& b) { return a.list < b.list; };
        if (!std::is_sorted(items.begin(), items.end(), by_list)) std::stable_sort(items.begin(), items.end(), by_list);
    }
    std::string_view textOf(const Slot& slot) const {
        const GrowingText& from = slot.aside ? aside : text;
        if (slot.end <= slot.begin) return {};  // also a capture that never closed
        return {from.data() + slot.begin, slot.end - slot.begin};
    }
};

/// Adds one found value to a slot; only the first counts, but where all are taken.
void putValue(RecordState& record, std::uint32_t slot, Slot value, bool takes_all);

}  // namespace caseway
