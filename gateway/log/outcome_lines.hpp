// gateway/log/outcome_lines.hpp - what became of each record of one message: one canonical JSON line a record, stored
// beside the leaf, which holds their Merkle root. Format: docs/formats/message-log.md. Personal data comes in masked or
// not at all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/refusal.hpp"
#include "gateway/domain/outcome.hpp"
#include "gateway/formats/merkle/compact_tree.hpp"

namespace caseway {

/// Appends the line with its newline. `record`: 1-based ordinal in the payload. `case_no` may be empty.
/// `refusal`: only where `outcome` is Refused; its value is masked already.
void appendOutcomeLine(std::uint64_t record, RecordOutcome outcome, std::string_view case_no, const Refusal* refusal,
                       std::string& out);

/// The lines of one message as they grow, and the RFC 6962 root over them (a leaf is a line without its newline). For a
/// large message the state is kept between slices and the lines are taken out.
class OutcomeLines {
public:
    void add(std::uint64_t record, RecordOutcome outcome, std::string_view case_no, const Refusal* refusal = nullptr);
    std::uint64_t size() const { return tree_.size(); }
    Sha256 root() const { return tree_.root(); }
    /// The lines since the last take(), for StoreWriter::putOutcomeLines.
    std::string take() { return std::exchange(lines_, {}); }
    /// Everything but lines that were not taken.
    std::string save() const { return tree_.save(); }
    /// Nothing for a text that save() could not have made.
    static std::optional<OutcomeLines> load(std::string_view state);

private:
    CompactTree tree_;
    std::string lines_;
};

/// The first `most` refusals that stored lines tell; each with its record.
std::vector<Refusal> refusalsIn(std::string_view lines, std::size_t most);

/// Recomputes the root from lines that come piece by piece; also counts the outcomes they tell.
class OutcomeLinesReader {
public:
    void add(std::string_view piece);
    struct Found {
        Sha256 root;
        RecordCounts counts;
        bool well_formed =
            true;  ///< every line ended, ordinals 1, 2, 3 …, every outcome known, none longer than 64 KiB
    };
    Found finish();

private:
    void line(std::string_view text);
    CompactTree tree_;
    RecordCounts counts_;
    std::string rest_;
    bool well_formed_ = true;
};

}  // namespace caseway
