// gateway/log/outcome_lines.hpp - what became of each record of one message: one canonical JSON line a record, stored
// beside the leaf, which holds their Merkle root. Format: docs/formats/message-log.md. Personal data comes in masked or
// not at all.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/refusal.hpp"
#include "gateway/domain/outcome.hpp"
#include "gateway/formats/merkle/compact_tree.hpp"

namespace caseway {

/// Appends the line with its newline. `record`: 1-based ordinal in the payload. `case_no` may be empty.
/// `refusal`: only where `outcome` is Refused; its value is masked already. Its further mistakes go along as `also`, as
/// many as fit into the line.
void appendOutcomeLine(std::uint64_t record, RecordOutcome outcome, std::string_view case_no, const RecordTrace& trace,
                       const Refusal* refusal, std::string& out);

/// What a line tells of a record, but for the words of its refusal.
struct OutcomeLine {
    std::uint64_t record = 0;
    RecordOutcome outcome = RecordOutcome::Refused;
    std::string case_no;
    RecordTrace trace;
};
/// Of a line without its newline; nothing for one that appendOutcomeLine() does not write.
std::optional<OutcomeLine> parseOutcomeLine(std::string_view line);

/// The lines of one message as they grow, and the RFC 6962 root over them (a leaf is a line without its newline). For a
/// large message the state is kept between slices and the lines are taken out.
class OutcomeLines {
public:
    void add(std::uint64_t record, RecordOutcome outcome, std::string_view case_no, const RecordTrace& trace,
             const Refusal* refusal = nullptr);
    std::uint64_t size() const { return tree_.size(); }
    /// Of the lines since the last take(); and room for as many, so that they need not find it step by step.
    std::size_t bytes() const { return lines_.size(); }
    void expect(std::size_t bytes) { lines_.reserve(bytes); }
    Sha256 root() const { return tree_.root(); }
    /// The lines since the last take(), for StoreWriter::putOutcomeLines.
    std::string take() { return std::exchange(lines_, {}); }
    /// Everything but lines that were not taken.
    std::string save() const { return tree_.save(); }
    /// What save() made, of a text that has a line of words before it, or none.
    static std::string_view savedIn(std::string_view carried);
    /// Nothing for a text that save() could not have made.
    static std::optional<OutcomeLines> load(std::string_view state);

private:
    CompactTree tree_;
    std::string lines_;
};

/// The first `most` mistakes that stored lines tell, one after the other, each with its record; reads no further than
/// it must, a piece at a time.
std::vector<Refusal> refusalsIn(ByteSource& lines, std::size_t most);

/// Recomputes the root from the lines of one message, which come piece by piece; also counts the outcomes they tell.
class OutcomeLinesReader {
public:
    /// `each` is called with every line that can be read, in order; may be empty.
    explicit OutcomeLinesReader(std::function<void(const OutcomeLine&)> each = {}) : each_(std::move(each)) {}
    void add(std::string_view piece);
    struct Found {
        Sha256 root;
        RecordCounts counts;
        std::string state;  ///< OutcomeLines::save() after these lines
        std::uint64_t lines = 0;
        bool well_formed =
            true;  ///< every line ended, ordinals 1, 2, 3 …, every outcome known, none longer than 64 KiB
    };
    /// To be called once.
    Found finish();

private:
    void line(std::string_view text);
    std::function<void(const OutcomeLine&)> each_;
    CompactTree tree_;
    RecordCounts counts_;
    std::string rest_;
    bool well_formed_ = true;
};

}  // namespace caseway
