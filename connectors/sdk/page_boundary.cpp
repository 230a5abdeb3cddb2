// connectors/sdk/page_boundary.cpp - whether a walk still stands where it stood: rows that leave pages which were read
// move all behind them forward, and those at the next boundary would never be asked for; and a cursor that the source
// forgot.
#include <algorithm>

#include "connectors/sdk/answer_form.hpp"
#include "connectors/sdk/page_walk.hpp"

namespace caseway {
namespace {

constexpr std::size_t kLinkMost = 32 * 1024;
constexpr std::uint64_t kBacksMost = 100;  ///< in a pass; a source that moves more is begun anew

std::string rowOf(const std::vector<std::string>& times) {
    std::string joined;
    for (const std::string& time : times) joined += time + '\n';
    return joined.empty() ? joined : shortDigest(joined);
}

/// Times of which no two are the same, nor the last that of the record behind it: a row that left would show in them.
bool tellApart(const AnswerFacts& page, const AnswerFacts& behind) {
    if (page.times.size() != page.records || behind.times.size() != behind.records) return false;
    std::vector<std::string> times = page.times;
    if (!behind.times.empty()) times.push_back(behind.times.front());
    std::sort(times.begin(), times.end());
    return std::adjacent_find(times.begin(), times.end()) == times.end();
}

}  // namespace

Cursor PageWalk::beginOfPass() const {
    State again;
    again.since_ms = state_.since_ms;
    return again.write();
}

/// With `since` each boundary: what is passed over here is never asked for again. Without, the next pass reads all, and
/// only a pass that another run began may be of another day.
std::optional<PageQuestion> PageWalk::questionBefore() const {
    if (!isByNumber() || state_.came == 0) return std::nullopt;
    if (!rules_.has_since && !is_taken_up_) return std::nullopt;
    PageQuestion question = this->question();
    question.position =
        std::to_string(rules_.style == PageStyle::Page ? rules_.first + static_cast<std::int64_t>(state_.pages) - 1
                                                       : static_cast<std::int64_t>(state_.records - state_.came));
    return question;
}

/// By the last record. Where that is another one with the same times, either each record differs with each answer (a
/// link that is signed anew), which asking once more tells, or it left. Of the former the times tell whether rows
/// moved; rows of one time hide one that left from those: reading goes on, and its end says that nobody can be sure.
bool PageWalk::lookBack(const AnswerFacts& before, const AnswerFacts& behind) {
    const std::string last = before.marks.empty() ? std::string() : before.marks.back();
    if (!last.empty() && last == state_.edge) return false;
    const bool is_near = std::find(before.marks.begin(), before.marks.end(), state_.edge) != before.marks.end();
    const bool has_same_times =
        !state_.row.empty() && before.records == state_.came && rowOf(before.times) == state_.row;
    if (is_near || !has_same_times) {
        edge_ = is_near && state_.backs < kBacksMost ? Edge::MovedABit : Edge::Gone;
        return false;
    }
    if (looked_.empty()) {
        looked_ = last;
        return true;
    }
    if (looked_ == last)
        edge_ = Edge::Gone;
    else if (!tellApart(before, behind))
        state_.unsure = 1;
    return false;
}

/// What ended the page before still stands in it, further in front: all that was passed over stands behind it there.
PageEnd PageWalk::oneBack() const {
    State back = state_;
    --back.pages;
    back.records -= back.came;
    back.came = 0;  // the edge is looked for in what comes now
    ++back.backs;
    back.row.clear();
    back.mark.clear();
    back.steps = 0;
    back.power = 1;
    PageEnd end;
    end.next = back.write();
    return end;
}

void PageWalk::noteEdge(const AnswerFacts& facts) {
    const bool went_back = state_.came == 0 && !state_.edge.empty();
    if (went_back && std::find(facts.marks.begin(), facts.marks.end(), state_.edge) == facts.marks.end())
        edge_ = Edge::Gone;
    state_.came = facts.records;
    state_.edge = facts.marks.empty() ? std::string() : facts.marks.back();
    state_.row = rowOf(facts.times);
}

/// Some services repeat their last page for ever.
bool PageWalk::isRepeated(const AnswerFacts& facts) const {
    return facts.records == state_.came && !facts.marks.empty() && facts.marks.back() == state_.edge;
}

PageEnd PageWalk::passOver(const ConnectorFault& fault, const std::string& next, std::int64_t answered_ms) {
    const bool is_second = state_.passed != 0 && state_.came == 0 && state_.edge.empty();
    if (rules_.style == PageStyle::Token) {
        ConnectorFault::Parts parts = fault.parts();
        parts.next_step =
            "the cursor of the next page stands in the answer that cannot be read, so nothing behind it can "
            "be asked for: show the department that place of its answer";
        throw ConnectorFault(fault.kind(), std::move(parts));
    }
    const bool knows_length = rules_.style != PageStyle::Offset || rules_.size != 0;
    if (rules_.style == PageStyle::None || is_second || !knows_length || edge_ == Edge::Gone || next.size() > kLinkMost)
        throw fault;
    if (state_.pages == 0) state_.started_ms = answered_ms;
    ++state_.pages;
    ++state_.passed;
    state_.records += rules_.size != 0 ? state_.size : state_.came;
    state_.came = 0;
    state_.edge.clear();
    state_.row.clear();
    state_.token = next;
    PageEnd end;
    end.withheld = "a page that cannot be read";
    end.last = rules_.style == PageStyle::Link && next.empty();
    end.next = end.last ? beginOfPass() : state_.write();
    return end;
}

PageEnd PageWalk::refused(const ConnectorFault& fault) const {
    if (!isByToken() || state_.pages == 0) throw fault;
    const std::string& code = fault.parts().code;
    const bool is_refused = code == "address_not_found" || code == "request_refused" || code == "soap_request_refused";
    const bool is_of_another = is_taken_up_ && (is_refused || code == "redirect_refused" || code == "source_failed" ||
                                                code == "pages_in_circles");
    if (is_of_another || (is_refused && state_.anew == 0)) {
        State again;
        again.since_ms = state_.since_ms;
        again.anew = 1;
        PageEnd end;
        end.last = true;
        end.next = again.write();
        end.withheld = end.ended_early = "it does not take the cursor of its next page: " + fault.parts().message;
        return end;
    }
    if (!is_refused) throw fault;
    ConnectorFault::Parts parts = fault.parts();
    parts.next_step =
        "the source refuses a cursor or link that it gave itself: ask the department how long it takes "
        "one; caseway sync run --full reads from the beginning";
    throw ConnectorFault(fault.kind(), std::move(parts));
}

}  // namespace caseway
