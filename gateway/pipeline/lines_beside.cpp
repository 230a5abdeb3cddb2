// gateway/pipeline/lines_beside.cpp - records to the other thread, a thousand at a time.
#include "gateway/pipeline/lines_beside.hpp"

#include <utility>

namespace caseway {
namespace {

constexpr std::size_t kPieceLines = 1024;

}  // namespace

void LinesBeside::begin(const OutcomeLines& before) {
    writing_.wait();
    writing_.piece().count = 0;
    lines_ = before;
    lines_.expect(usual_bytes_);
}

void LinesBeside::add(std::uint64_t record, RecordOutcome outcome, std::string_view case_no, const RecordTrace& trace,
                      const Refusal* refusal) {
    Piece& piece = writing_.piece();
    if (piece.lines.empty()) piece.lines.resize(kPieceLines);
    Line& line = piece.lines[piece.count++];
    line.record = record;
    line.outcome = outcome;
    line.case_no = case_no;
    line.trace = trace;
    if (refusal != nullptr)
        line.refusal = *refusal;
    else
        line.refusal.reset();
    if (piece.count == kPieceLines) writing_.handOver();
}

void LinesBeside::write(Piece& piece) {
    for (std::size_t i = 0; i < piece.count; ++i) {
        const Line& line = piece.lines[i];
        lines_.add(line.record, line.outcome, line.case_no, line.trace, line.refusal ? &*line.refusal : nullptr);
    }
    piece.count = 0;
}

OutcomeLines LinesBeside::end() {
    writing_.handOver();
    writing_.wait();
    usual_bytes_ = lines_.bytes();
    return std::move(lines_);
}

}  // namespace caseway
