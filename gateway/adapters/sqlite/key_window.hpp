// gateway/adapters/sqlite/key_window.hpp - a stretch of the writer's index of source numbers, read ahead: records often
// come in the order of their numbers, and then a look-up, also of a case that is not there, costs no statement. Grows
// while it is hit; for any other order it stays two keys wide.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/ports/store.hpp"

namespace caseway {

/// What the index says from one key on. True as long as every new case of the connection is told to it.
class KeyWindow {
public:
    /// Whether what the index says of this key is known here.
    bool covers(const SystemId& owner, std::string_view number) const {
        if (number < from_ || owner != owner_) return false;
        return is_open_ || (!keys_.empty() && number <= keys_.back().source_case_no);
    }
    /// The lowest case of a key that is covered; nothing where there is none.
    std::optional<CaseId> find(std::string_view number) {
        while (at_ < keys_.size() && keys_[at_].source_case_no < number) ++at_;
        while (at_ > 0 && keys_[at_ - 1].source_case_no >= number) --at_;
        was_hit_ = true;
        if (at_ == keys_.size() || keys_[at_].source_case_no != number) return std::nullopt;
        return keys_[at_].id;
    }
    /// How many keys to read for the next window.
    std::size_t next() const { return was_hit_ ? std::min(width_ * 4, kWidest) : kNarrowest; }
    /// `keys`: all of `owner` from `number` on, ascending, the first `width` of them.
    void fill(const SystemId& owner, std::string_view number, std::size_t width, std::vector<CaseKey> keys) {
        owner_ = owner;
        from_ = number;
        width_ = width;
        is_open_ = keys.size() < width;
        keys_ = std::move(keys);
        at_ = 0;
        was_hit_ = false;
    }
    /// There is a new case of this key: what stands before it is given up.
    void added(const SystemId& owner, std::string_view number) {
        if (!covers(owner, number)) return;
        // Behind the new key nothing has changed; of the key itself the window no longer knows all.
        from_ = number;
        from_ += '\0';
    }
    /// There may be one, of any owner.
    void mayBeAdded(std::string_view number) { added(owner_, number); }
    void forget() { *this = {}; }

private:
    static constexpr std::size_t kNarrowest = 2;  ///< shows whether the next key is the one that is asked for next
    static constexpr std::size_t kWidest = 128;
    SystemId owner_;
    std::string from_;
    std::vector<CaseKey> keys_;
    std::size_t at_ = 0;
    std::size_t width_ = kNarrowest;
    bool is_open_ = false;  ///< behind the last key there is none
    bool was_hit_ = false;
};

}  // namespace caseway
