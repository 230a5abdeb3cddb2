// gateway/pipeline/lines_beside.hpp - the outcome lines of a slice and their hashes, made beside the writer: they are a
// quarter of its work, and nothing that it decides waits for them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/base/refusal.hpp"
#include "gateway/base/work_beside.hpp"
#include "gateway/domain/outcome.hpp"
#include "gateway/log/outcome_lines.hpp"

namespace caseway {

/// For one caller: begin, add…, end; or begin again, where a slice was given up.
class LinesBeside {
public:
    /// The next lines come behind these.
    void begin(const OutcomeLines& before);
    /// As OutcomeLines::add().
    void add(std::uint64_t record, RecordOutcome outcome, std::string_view case_no, const RecordTrace& trace,
             const Refusal* refusal);
    /// With all lines since begin(). To be called once.
    OutcomeLines end();

private:
    struct Line {
        std::uint64_t record = 0;
        RecordOutcome outcome = RecordOutcome::Refused;
        std::string case_no;
        RecordTrace trace;
        std::optional<Refusal> refusal;
    };
    /// The first `count` of them; all keep their memory.
    struct Piece {
        std::vector<Line> lines;
        std::size_t count = 0;
    };

    OutcomeLines lines_;           ///< the other thread's while it works
    std::size_t usual_bytes_ = 0;  ///< of lines, as the last slice had them
    WorkBeside<Piece> writing_{[this](Piece& piece) { write(piece); }};
    void write(Piece& piece);
};

}  // namespace caseway
