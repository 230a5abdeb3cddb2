// connectors/sdk/page_walk.cpp - the walk itself; its cursor's text: page_cursor.cpp, its settings: page_rules.cpp.
#include "connectors/sdk/page_walk.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/sdk/answer_form.hpp"
#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/record_columns.hpp"

namespace caseway {
namespace {

/// What clocks may differ by: those of several servers behind one address, and ours where the source tells no time.
constexpr std::int64_t kClocksApart = 600'000;
constexpr std::size_t kFormerMost = 8 * 1024;  ///< a cursor holds two links
constexpr std::uint64_t kTellsOfTime = 10;     ///< so many records without the member of `since` are no chance
constexpr std::uint64_t kBlankMost = 1000;     ///< more of them in a row end a run (pages_without_end)
constexpr std::uint64_t kMet = 2;              ///< under a new token a page may come once more by chance
constexpr std::uint64_t kRecordsMet = 10;      ///< and a page of one or two records more often
constexpr const char* kRowsMoved = "rows moved from page to page while they were read";
constexpr std::int64_t kEver = 631'152'000'000;  ///< 1990: a source that must be told some time is told one before it

/// Whether a pass that begins with nothing seen leaves nothing out.
bool isWhole(const PageRules& rules) {
    if (!rules.has_since || rules.since_first.empty()) return true;
    const auto first = rules.form->parse(rules.since_first);
    return first && *first < kEver;
}

}  // namespace

PageWalk::PageWalk(const PageRules& rules, const Cursor& from, const PageLimits& limits, bool is_taken_up)
    : rules_(rules), is_taken_up_(is_taken_up), judges_absence_(limits.judges_absence) {
    if (!from.empty() && !state_.read(from)) throw badCursor("it cannot be read");
    // Where a source gave empty pages without end its cursor may stand anywhere, also behind what was never given. The
    // same where it gave more pages than it may: what stands behind them would never be asked for.
    const bool is_lost = state_.blank >= kBlankMost || state_.pages >= rules.most_pages;
    if (is_taken_up && is_lost) state_ = stateAtBegin();
    if (is_taken_up) state_.blank = 0;  // they are counted in each run, as those that end it are
    const bool is_first = state_.pages == 0;
    if (is_taken_up && !is_first) state_.late_ms = state_.started_ms;  // it may have rested for a day
    // A cursor of a version that kept no edge.
    if (is_taken_up && isByNumber() && !is_first && state_.edge.empty()) edge_ = Edge::Gone;
    if (is_first) state_.size = std::min<std::uint64_t>(rules.size, std::max<std::uint32_t>(limits.records, 1));
}

PageQuestion PageWalk::question() const {
    PageQuestion question;
    if (rules_.size != 0) question.size = std::to_string(state_.size);
    switch (rules_.style) {
        case PageStyle::None:
            // A 304 would call complete what nobody could hold against its total.
            if (rules_.is_counted && state_.tag_counted == 0) break;
            question.tag = state_.tag;
            question.modified = state_.modified;
            break;
        case PageStyle::Page:
            question.position = std::to_string(rules_.first + static_cast<std::int64_t>(state_.pages));
            break;
        case PageStyle::Offset:
            question.position = std::to_string(state_.records);
            break;
        case PageStyle::Token:
            question.position = state_.token;
            break;
        case PageStyle::Link:
            question.link = state_.token;
            break;
    }
    if (rules_.has_since)
        question.since =
            state_.since_ms ? rules_.form->write(*state_.since_ms - rules_.overlap_ms) : rules_.since_first;
    return question;
}

bool PageWalk::mayRepeat(const AnswerFacts& facts) const {
    const Kept& kept = isByNumber() ? state_.kept : state_.kept_page;
    if (kept.digest == facts.digest || !mayBeSamePage(facts.columns, kept.columns)) return false;
    return isByNumber() || (isByToken() && !facts.next.empty() && kept.alike + 1 == kMet);
}

void PageWalk::repeatRefused(const ConnectorFault& fault) const {
    if (isByNumber()) throw fault;
}

void PageWalk::repeats(const AnswerFacts& facts, const AnswerFacts& again) {
    repeats_ = isSamePage(facts.columns, again.columns, (isByNumber() ? state_.kept : state_.kept_page).columns);
}

std::uint64_t PageWalk::pageOf(const Kept& kept) const {
    return kept.page != 0 ? kept.page : state_.pages - std::min(state_.pages, kept.steps);
}

/// Brent's algorithm: one page is kept, further and further back, so any circle is met with nothing more than that.
void PageWalk::keepFurther(Kept& kept, const std::string& digest, const std::string& columns) const {
    if (!kept.digest.empty() && ++kept.steps != kept.power) return;
    kept = {digest, columns, 0, kept.power * (kept.digest.empty() ? 1 : 2), state_.pages + 1, 0, 0};
}

void PageWalk::findCircle(const std::string& seen, const AnswerFacts& facts, const std::string& where) {
    Kept& kept = state_.kept;
    if (isByToken() && kept.digest == seen)
        throw configFault(
            "pages_in_circles", where,
            fmt::format("page {} names the same next page as page {}", state_.pages + 1, pageOf(kept)),
            "compare both answers with `paging`; where it is right, tell the department that its pages go in circles");
    if (isByNumber() && (kept.digest == seen || repeats_))
        throw configFault("pages_in_circles", where,
                          fmt::format("page {} says the same as page {}", state_.pages + 1, pageOf(kept)),
                          "check `paging`: the source takes no notice of it, or goes in circles; where it repeats its "
                          "last page for ever, give `total`");
    keepFurther(kept, seen, isByNumber() ? facts.columns : std::string());
}

/// The same records under ever new tokens. Where they have no number of their own, two pages may say the same.
void PageWalk::findSamePage(const AnswerFacts& facts, const std::string& where) {
    Kept& kept = state_.kept_page;
    if (!kept.digest.empty() && kept.digest == facts.digest)
        ++kept.met;
    else if (mayBeSamePage(facts.columns, kept.columns))
        ++kept.alike;
    if (repeats_ || (kept.met >= kMet && kept.met * facts.records >= kRecordsMet))
        throw configFault("pages_in_circles", where,
                          fmt::format("page {} says the same as page {}, under another cursor or link",
                                      state_.pages + 1, pageOf(kept)),
                          "check `paging`: the source takes no notice of it, or goes in circles; where it is right, "
                          "tell the department that the same page comes again and again");
    keepFurther(kept, facts.digest, facts.columns);
}

/// One that is ahead of the source's clock moves nothing: it would hide those that come until then, and those that come
/// late with an older time.
void PageWalk::noteTimes(const AnswerFacts& facts, std::int64_t answered_ms, const std::string& where) {
    bool any = false;
    for (const std::string& text : facts.times) {
        const auto time = rules_.form->parse(text);
        if (!time) continue;
        any = true;
        if (rules_.sorted && !state_.late_ms && *time > answered_ms - rules_.overlap_ms) state_.late_ms = answered_ms;
        if (*time > answered_ms) {
            state_.ahead = 1;
            continue;
        }
        state_.high_ms = std::max(state_.high_ms.value_or(*time), *time);
    }
    if (any || facts.records == 0) return;
    // Records without a time are for the mapping to judge, and hold nothing up. But a first page shows whether the
    // setting is right.
    if (!facts.times.empty()) state_.odd = 1;
    if (state_.pages != 1 || state_.since_ms) return;
    throw configFault("watermark_unreadable", where, "no record of the page has a time of the given form",
                      "compare an answer with `since.member` and `since.form`");
}

/// Rows may come or go while pages are read: the least of all totals is what there was at some time. A nought beside an
/// empty page says nothing of the pages before it.
void PageWalk::noteTotal(const AnswerFacts& facts) {
    if (!facts.total || (*facts.total == 0 && facts.records == 0 && state_.total)) return;
    state_.total = std::min(state_.total.value_or(*facts.total), *facts.total);
    if (*facts.total < state_.records && state_.passed == 0) state_.wrong = *facts.total;
}

bool PageWalk::isTotalReached(const AnswerFacts& facts, bool fell) const {
    if (!facts.total || state_.wrong || fell) return false;
    return state_.passed == 0 ? *facts.total == state_.records : *facts.total <= state_.records;
}

/// Whether a total counts what is asked for, and not more.
bool PageWalk::isCountedWhole() const {
    if (state_.passed != 0) return false;  // nobody knows how many stood there
    return !rules_.has_since || (!state_.since_ms && isWhole(rules_));
}

/// A record or two may have none. Where none of many has it, and nearly all had it before, the source was changed: its
/// name is another one. A pass that a former version began did not note who had it, only what it read of it.
bool PageWalk::hasLostItsTime() const {
    const bool has_any = state_.timed != 0 || state_.high_ms || state_.ahead != 0;
    return rules_.has_since && state_.since_ms && state_.records != 0 && !has_any;
}

/// Some sources leave it out where a record was never changed: a night of new ones is no sign there. One pass that
/// shows it is remembered for good.
std::uint64_t PageWalk::usualAfter() const {
    if (!rules_.has_since || state_.usual == kOptional || state_.records == 0) return state_.usual;
    if (hasLostItsTime()) return state_.usual == kUsual ? kUsual : kOptional;
    if (state_.untimed > state_.records / 10) return kOptional;
    return state_.usual == kUsual || state_.records >= kTellsOfTime ? kUsual : 0;
}

void PageWalk::mustNotBeAhead(std::int64_t answered_ms, const std::string& where) const {
    if (!rules_.has_since || !state_.since_ms) return;
    if (*state_.since_ms <= answered_ms + rules_.overlap_ms + kClocksApart) return;
    throw configFault(
        "watermark_ahead", where,
        fmt::format("what was read last is dated {}, and the source's clock says {}",
                    rules_.form->write(*state_.since_ms), rules_.form->write(answered_ms)),
        "read it again from the beginning (caseway sync run --full); check `since.form` and `since.offset`");
}

PageWalk::State PageWalk::nextPass(std::int64_t answered_ms) const {
    State next;
    next.since_ms = state_.since_ms;
    if (state_.high_ms && *state_.high_ms <= answered_ms + kClocksApart) {  // one further ahead: of another version
        std::int64_t high = std::min(*state_.high_ms, answered_ms);
        // What changed while the pages were read may be later than the highest time seen: unless they came in its
        // order, the next pass begins where this one began. In its order where such records began to come as lie in
        // the overlap: one that is stored late among them was passed already.
        const auto& least = rules_.sorted ? state_.late_ms : state_.started_ms;
        if (state_.pages > 1) high = std::min(high, least.value_or(high));
        next.since_ms = std::max(state_.since_ms.value_or(high), high);
    }
    next.usual = usualAfter();
    next.tag = state_.tag;
    next.modified = state_.modified;
    next.tag_counted = state_.tag_counted;
    return next;
}

PageEnd PageWalk::take(const AnswerFacts& facts, std::int64_t answered_ms, const std::string& where) {
    mustNotBeAhead(answered_ms, where);
    if (edge_ == Edge::MovedABit) return oneBack();
    const bool is_reached = state_.total && *state_.total <= state_.records;
    const bool ends_over = is_reached && isByNumber() && isRepeated(facts);
    const bool fell =
        facts.total && state_.total && *facts.total < *state_.total;  // one more page tells whether it may
    try {
        if (isByToken() && !facts.next.empty()) findCircle(shortDigest(facts.next), facts, where);
        if (isByToken() && !facts.next.empty() && facts.records != 0) findSamePage(facts, where);
    } catch (const ConnectorFault& fault) {
        return refused(fault);
    }
    if (isByNumber() && facts.records != 0 && !ends_over) findCircle(facts.digest, facts, where);
    if (state_.pages >= rules_.most_pages) {
        throw configFault("too_many_pages", where, fmt::format("more than {} pages", rules_.most_pages),
                          "ask for larger pages, or raise `paging.most_pages`; the next run begins the pass anew");
    }
    if (state_.pages == 0) state_.started_ms = answered_ms;
    ++state_.pages;
    state_.records += facts.records;
    if (rules_.has_since) noteTimes(facts, answered_ms, where);
    if (facts.untimed < facts.records) state_.timed = 1;
    state_.untimed += facts.untimed;
    noteTotal(facts);
    if (!facts.no_total.empty()) state_.uncounted = 1;
    noteEdge(facts);
    state_.blank = facts.records == 0 ? state_.blank + 1 : 0;
    state_.former = isCheckedLink() && state_.token.size() <= kFormerMost ? state_.token : "";
    state_.token = facts.next;
    if (state_.token.size() > 32 * 1024) {
        throw configFault("cursor_too_long", where, "the cursor of the next page is longer than 32 KiB",
                          "ask the department for a shorter one");
    }
    PageEnd end;
    end.records = facts.records;
    end.source_total = facts.total;
    if (!isWhole(rules_)) end.withheld = "what was changed before `since.first`: " + rules_.since_first;
    if (state_.wrong)
        end.withheld = fmt::format("its `total` is wrong: {}, and {} came", *state_.wrong, state_.records);
    end.last = rules_.style == PageStyle::None || (isByToken() && facts.next.empty()) || ends_over ||
               (isByNumber() && (facts.records == 0 || isTotalReached(facts, fell)));
    end.next = (end.last ? nextPass(answered_ms) : state_).write();
    if (end.last && isCountedWhole() && !state_.total && state_.uncounted != 0) {
        end.uncounted = "its `total` cannot be read" + (facts.no_total.empty() ? "" : ": " + facts.no_total);
        end.withheld = end.withheld.empty() ? end.uncounted : end.withheld;
    }
    // It may as well have failed there: what did not come is not gone. Where `total` is reached nobody asks so far.
    if (end.last && !facts.said_failure.empty() && end.withheld.empty())
        end.withheld = fmt::format("its last answer says {}; `total` or `success` would tell an end from a failure",
                                   facts.said_failure);
    if (end.last && isCountedWhole() && state_.total && *state_.total > state_.records) {
        end.ended_early = fmt::format("it tells {} records, and {} came", *state_.total, state_.records);
        end.next = beginOfPass();
    }
    if (end.last && state_.odd != 0 && state_.ahead == 0 && !state_.high_ms) {
        end.ended_early = "no record came with a time of the form of `since`, so that its time cannot go on";
        end.next = beginOfPass();
    }
    if (end.last && hasLostItsTime()) {
        end.note =
            "no record that came has the member of `since`: its time stays where it is, so that all since then "
            "comes each time; look whether the source calls it otherwise now";
        if (state_.usual == kUsual && state_.records >= kTellsOfTime)
            end.ended_early = end.note, end.next = beginOfPass();
    }
    if (end.last && state_.passed != 0) {
        end.withheld = fmt::format("{} pages that cannot be read", state_.passed);
        end.next = beginOfPass();
    }
    if (end.last && state_.unsure != 0) {
        end.withheld = end.ended_early = whyUnsure();
        end.next = beginOfPass();
    }
    if (edge_ == Edge::Gone) {
        end.last = true;
        end.withheld = end.ended_early = kRowsMoved;
        end.next = beginOfPass();
    }
    return end;
}

std::string PageWalk::whyUnsure() const {
    if (state_.unsure == kMoved) return kRowsMoved;
    return fmt::format("{}, so whether rows moved from page to page cannot be told",
                       state_.unsure == kNotGiven ? "it takes the link of each page only once"
                       : rules_.has_since         ? "its records differ with each answer and several bear one time"
                                                  : "its records differ with each answer");
}

std::string PageWalk::countText(const PageRules& rules, const AnswerFacts& facts) {
    if (facts.total) return fmt::format(" of {}", *facts.total);
    if (rules.style == PageStyle::None || rules.is_counted) return {};
    return "; no `total` is set: that a pass gives all cannot be proved";
}

void PageWalk::mustBeWhole(const PageEnd& end, const std::string& where) {
    if (end.ended_early.empty()) return;
    throw transientFault("set_incomplete", where, "the source did not give all: " + end.ended_early,
                         "check `paging` and `total`; if both are right, ask the department what is missing");
}

void PageWalk::mustBeCounted(const AnswerFacts& facts, const std::string& where) {
    if (facts.no_total.empty()) return;
    throw configFault("total_unreadable", where, "the answer's `total` cannot be read: " + facts.no_total,
                      "compare an answer with `total`: a whole number without signs or separators is wanted; where the "
                      "source has none, leave `total` out");
}

PageEnd PageWalk::unchanged(std::int64_t answered_ms, const std::string& where) const {
    mustNotBeAhead(answered_ms, where);
    PageEnd end;
    end.last = true;
    end.next = nextPass(answered_ms).write();
    return end;
}

}  // namespace caseway
