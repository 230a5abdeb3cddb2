// gateway/pipeline/settled_before.hpp - whether what was found of known records before the writer had their slice still
// holds: nobody but the slices of the same message has written since, and those did not write of these cases.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_set>
#include <utility>

#include "gateway/ports/store.hpp"

namespace caseway {

/// Memory of the writer's, from slice to slice of one message. Slices are gathered one ahead: while one is found out
/// about, at most the one before it is still being written.
class SettledBefore {
public:
    /// A slice begins in the transaction of this number, with nobody else's jobs or with some. `seen`:
    /// Committer::ended() before the first look at a case of it; none: there was no look. `tells`: all that it writes
    /// will be told here; else nothing that is found beside it holds.
    void begin(std::uint64_t number, bool is_alone, std::optional<std::uint64_t> seen, bool tells) {
        now_.clear();
        number_ = number;
        is_undisturbed_ = is_alone && (last_ == 0 || number == last_ + 1);
        now_.number = is_alone && tells ? number : 0;
        is_former_unseen_ = seen && former_.number > *seen;
        holds_ = seen && is_alone && number - *seen == (is_former_unseen_ ? 2 : 1);
    }
    /// Nobody else wrote since the slice before.
    bool isUndisturbed() const { return is_undisturbed_; }
    /// Whether what was found of this case is what the writer would find.
    bool holds(CaseId id) const {
        return holds_ && id > now_.last && !now_.hasWritten(id) &&
               !(is_former_unseen_ && ((id >= former_.first && id <= former_.last) || former_.hasWritten(id)));
    }
    /// A known record was settled in this case.
    void settled(CaseId id) {
        if (now_.first == 0) now_.first = id;
        if (id < now_.first) written(id);
        if (id > now_.last) now_.last = id;
    }
    void written(CaseId id) {
        now_.written.insert(id);
        now_.highest = std::max(now_.highest, id);
    }
    /// The slice is durable.
    void committed() {
        std::swap(now_, former_);
        last_ = number_;
    }

private:
    struct Slice {
        std::uint64_t number = 0;    ///< of its transaction; 0: not all that it wrote is told here
        CaseId first = 0, last = 0;  ///< known records were settled in some of these
        CaseId highest = 0;          ///< of those written otherwise: most that are asked for lie behind
        std::unordered_set<CaseId> written{};
        bool hasWritten(CaseId id) const { return id <= highest && written.contains(id); }
        void clear() {
            first = last = highest = 0;
            written.clear();
        }
    };
    Slice former_, now_;
    std::uint64_t number_ = 0, last_ = 0;  ///< of this transaction, and of the slice before; 0: there was none
    bool holds_ = false, is_former_unseen_ = false, is_undisturbed_ = false;
};

}  // namespace caseway
