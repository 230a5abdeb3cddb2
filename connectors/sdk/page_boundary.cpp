// connectors/sdk/page_boundary.cpp - whether a walk still stands where it stood: rows that leave pages which were read
// move all behind them forward, and those at the next boundary would never be asked for; and a cursor that the source
// forgot.
#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "connectors/sdk/answer_form.hpp"
#include "connectors/sdk/page_walk.hpp"
#include "connectors/sdk/record_columns.hpp"
#include "gateway/formats/text/lower_case.hpp"

namespace caseway {
namespace {

constexpr std::size_t kLinkMost = 32 * 1024;
constexpr std::uint64_t kPageMost = 10'000;  ///< records; what grows by more is a key or a time
constexpr std::uint64_t kBacksMost = 100;    ///< in a pass; a source that moves more is begun anew

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

bool isDigit(char one) {
    return one >= '0' && one <= '9';
}

std::optional<std::uint64_t> numberOf(std::string_view text) {
    std::uint64_t number = 0;
    const auto [at, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && at == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// A number in a link, and what names it: its parameter, or the piece of the path before it (`/page/2`).
struct Named {
    std::string name;
    std::uint64_t number;
};

std::vector<Named> numbersOf(std::string_view link) {
    std::vector<Named> numbers;
    std::string before;
    for (std::size_t begin = 0; begin <= link.size();) {
        const std::size_t end = std::min(link.find_first_of("/?&#", begin), link.size());
        std::string piece = lowerCase(link.substr(begin, end - begin));
        const std::size_t equals = piece.find('=');
        const bool is_parameter = equals != std::string::npos;
        const std::string name = is_parameter ? piece.substr(0, equals) : before;
        if (const auto number = numberOf(is_parameter ? std::string_view(piece).substr(equals + 1) : piece))
            numbers.push_back({name, *number});
        before = std::move(piece);
        begin = end + 1;
    }
    return numbers;
}

bool holdsOne(const std::string& name, std::initializer_list<const char*> words) {
    return std::any_of(words.begin(), words.end(), [&](const char* word) { return name.find(word) != name.npos; });
}

/// What stands beside a place, or is a key.
bool isNoPlace(const std::string& name) {
    return holdsOne(name, {"size", "per", "limit", "count", "total", "token", "cursor", "key", "after", "before"});
}

bool isPage(const std::string& name) {
    return !isNoPlace(name) && (name == "p" || name == "pn" || holdsOne(name, {"page"}));
}

bool isOffset(const std::string& name) {
    const bool is_word = name == "o" || name == "start" || name == "from" || name == "startindex";
    return !isNoPlace(name) && (is_word || holdsOne(name, {"offset", "skip"}));
}

/// By no more than a page, though fewer records may come than the offset grows by: some services filter what they
/// counted.
bool isOnePage(std::uint64_t grown, std::uint64_t came) {
    return grown > 0 && grown <= std::max(came, kPageMost);
}

/// By its name the last one that came: what stands behind it is asked for, wherever that moved.
bool isKey(const std::string& name) {
    const bool is_size = name == "top" || name == "$top" || name == "rows" || name == "num" || name == "max";
    return isNoPlace(name) || is_size || name.ends_with("id") ||
           holdsOne(name, {"last", "since", "seq", "marker", "time", "date"});
}

/// A number of any other name that grows by just as many records as came: an offset, as far as anybody can tell. Where
/// it is a key all the same, of numbers without a gap, asking for the page before costs a request and hides nothing.
bool isLikeOffset(const Named& one, std::uint64_t grown, std::uint64_t came) {
    return came > 0 && grown == came && !isKey(one.name);
}

/// Two links that differ in one number, which grows by one.
bool differByOne(std::string_view from, std::string_view to) {
    std::size_t begin = 0, tail = 0;
    const std::size_t least = std::min(from.size(), to.size());
    while (begin < least && from[begin] == to[begin]) ++begin;
    while (begin > 0 && isDigit(from[begin - 1])) --begin;
    while (tail < least - begin && from[from.size() - 1 - tail] == to[to.size() - 1 - tail]) ++tail;
    while (tail > 0 && isDigit(from[from.size() - tail])) --tail;
    const auto one = numberOf(from.substr(begin, from.size() - tail - begin));
    const auto other = numberOf(to.substr(begin, to.size() - tail - begin));
    return one && other && *other > *one && *other - *one == 1;
}

/// A page, an offset or what is like one that grows, whatever else does; or whatever counts one by one.
bool countsOn(std::string_view from, std::string_view to, std::uint64_t came) {
    const std::vector<Named> before = numbersOf(from), behind = numbersOf(to);
    const auto grows = [&](const Named& one) {
        const auto was = std::find_if(before.begin(), before.end(), [&](const Named& b) { return b.name == one.name; });
        if (was == before.end() || one.number <= was->number) return false;
        const std::uint64_t grown = one.number - was->number;
        return isPage(one.name) || (isOffset(one.name) && isOnePage(grown, came)) || isLikeOffset(one, grown, came);
    };
    return std::any_of(behind.begin(), behind.end(), grows) || differByOne(from, to);
}

/// Of the second and last page nothing but its own link is known: `page=2`, `offset=20` behind twenty records.
bool namesPlace(std::string_view link, std::uint64_t came) {
    const std::vector<Named> numbers = numbersOf(link);
    return std::any_of(numbers.begin(), numbers.end(), [&](const Named& one) {
        return (isPage(one.name) && one.number <= 2) ||
               (isOffset(one.name) && one.number >= came && isOnePage(one.number, came)) ||
               isLikeOffset(one, one.number, came);
    });
}

bool isRefused(const ConnectorFault& fault) {
    const std::string& code = fault.parts().code;
    return code == "address_not_found" || code == "address_gone" || code == "request_refused" ||
           code == "soap_request_refused";
}

}  // namespace

std::string PageWalk::linkRule(const std::string& link, std::uint64_t came) {
    if (namesPlace(link, came))
        return "the link to the next page counts pages or records: with `since`, and for a reconciliation, each page "
               "is asked for once more, to see that no row moved across its end";
    return "the link to the next page is taken for a key, behind which nothing moves, unless the one after it counts "
           "on; where it counts pages or records "
           "in a way of its own, rows that move while pages are read are missed: ask the department";
}

/// A link may hold a key, behind which nothing moves, or count as `page` and `offset` do.
bool PageWalk::isCountedLink(const AnswerFacts& behind) const {
    if (!behind.next.empty()) return countsOn(state_.token, behind.next, behind.records);
    return state_.pages > 1 ? countsOn(state_.former, state_.token, state_.came)
                            : namesPlace(state_.token, state_.came);
}

PageWalk::State PageWalk::stateAtBegin() const {
    State again;
    again.since_ms = state_.since_ms;
    again.usual = state_.usual;
    return again;
}

/// With `since` each boundary: what is passed over here is never asked for again. Without, the next pass reads all, and
/// only a pass that another run began may be of another day. A reconciliation has no next pass: what it is not given is
/// gone for it.
std::optional<PageQuestion> PageWalk::questionBefore(const AnswerFacts& behind) const {
    if (state_.came == 0) return std::nullopt;
    PageQuestion question = this->question();
    if (rules_.style == PageStyle::Link) {
        const bool is_known = state_.pages == 1 || !state_.former.empty();
        if (!isCheckedLink() || !is_known || !isCountedLink(behind)) return std::nullopt;
        question.link = state_.former;
        return question;
    }
    if (!isByNumber() || (!isChecked() && !is_taken_up_)) return std::nullopt;
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
    if (is_near || !mayBeAsItWas(before)) {
        noteMoved(is_near && state_.backs < kBacksMost);
        return false;
    }
    if (looked_.empty()) {
        looked_ = last;
        looked_columns_ = before.columns;
        return true;
    }
    if (looked_ == last)
        noteMoved(false);
    else if (!isAsItWas(before, behind))
        state_.unsure = kNotTold;
    return false;
}

bool PageWalk::mayBeAsItWas(const AnswerFacts& before) const {
    if (before.records != state_.came) return false;
    if (!state_.row.empty()) return rowOf(before.times) == state_.row;
    return mayBeSamePage(before.columns, state_.edge_columns);
}

/// Without times by its columns: those that differ from what they were differ with each answer.
bool PageWalk::isAsItWas(const AnswerFacts& before, const AnswerFacts& behind) const {
    if (!state_.row.empty()) return tellApart(before, behind);
    return isSamePage(looked_columns_, before.columns, state_.edge_columns);
}

/// A reconciliation reads on: what comes is compared, and beside a set that moved nothing counts as gone.
void PageWalk::noteMoved(bool is_a_bit) {
    if (judges_absence_) state_.unsure = kMoved;
    if (is_a_bit)
        edge_ = Edge::MovedABit;
    else if (!judges_absence_)
        edge_ = Edge::Gone;
}

/// Reading goes on: all comes, and its end says that nobody can be sure.
void PageWalk::lookBackRefused(const ConnectorFault& fault) {
    if (rules_.style != PageStyle::Link || !isRefused(fault)) throw fault;
    state_.unsure = kNotGiven;
}

/// What ended the page before still stands in it, further in front: all that was passed over stands behind it there.
PageEnd PageWalk::oneBack() const {
    State back = state_;
    --back.pages;
    if (rules_.style == PageStyle::Link) back.token = std::exchange(back.former, {});
    back.records -= back.came;
    back.came = 0;  // the edge is looked for in what comes now
    ++back.backs;
    back.row.clear();
    back.edge_columns.clear();
    back.kept = {};
    back.kept_page = {};
    PageEnd end;
    end.next = back.write();
    return end;
}

void PageWalk::noteEdge(const AnswerFacts& facts) {
    const bool went_back = state_.came == 0 && !state_.edge.empty();
    if (went_back && std::find(facts.marks.begin(), facts.marks.end(), state_.edge) == facts.marks.end())
        noteMoved(false);
    state_.came = facts.records;
    state_.edge = facts.marks.empty() ? std::string() : facts.marks.back();
    state_.row = rowOf(facts.times);
    state_.edge_columns = judges_absence_ && state_.row.empty() ? facts.columns : std::string();
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
    state_.edge_columns.clear();
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
    const bool is_refused = isRefused(fault);
    const bool is_of_another = is_taken_up_ && (is_refused || code == "redirect_refused" || code == "source_failed" ||
                                                code == "pages_in_circles");
    if (is_of_another || (is_refused && state_.anew == 0)) {
        State again = stateAtBegin();
        again.anew = 1;
        PageEnd end;
        end.last = true;
        end.next = again.write();
        end.withheld = end.ended_early = code == "pages_in_circles"
                                             ? "its pages go in circles: " + fault.parts().message
                                             : "it does not take the cursor of its next page: " + fault.parts().message;
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
