// connectors/sdk/page_walk.hpp - where a reading in pages stands: what to ask for next, whether the last page was
// reached, whether the source goes in circles. Pure: an answer's facts in, a cursor out. For all connectors that ask
// for pages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connectors/sdk/answer_reader.hpp"
#include "connectors/sdk/time_text.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

enum class PageStyle { None, Page, Offset, Token, Link };

/// `paging` and `since` of the settings.
struct PageRules {
    /// Members of a schema's `properties`; `link` is offered where `with_link`.
    static std::string settingsMembers(bool with_link);
    /// Throws ConnectorFault{Config, bad_setting}.
    static PageRules read(const SettingsTree& settings);

    PageStyle style = PageStyle::None;
    std::int64_t first = 1;  ///< number of the first page
    std::uint64_t size = 0;  ///< records asked for; 0: not asked
    std::uint64_t most_pages = 100'000;
    std::string next;  ///< expression, of Token
    bool has_since = false;
    std::string time;  ///< expression, in a record
    std::optional<TimeText> form;
    std::int64_t overlap_ms = 0;
    bool sorted = false;      ///< records come in the order of that time
    std::string since_first;  ///< sent when reading begins; empty: nothing is sent
    bool is_counted = false;  ///< `total` is configured
    bool isByNumber() const { return style == PageStyle::Page || style == PageStyle::Offset; }
};

/// What a page is asked with; empty texts are not sent.
struct PageQuestion {
    std::string position;  ///< page number, offset or cursor
    std::string link;      ///< of Link: the whole address; empty for the first page
    std::string size;
    std::string since;
    std::string tag;       ///< of None: the ETag of what was read before
    std::string modified;  ///< and its Last-Modified
};

class PageWalk {
public:
    /// `is_taken_up`: another run, or another process, read the pages before. Throws ConnectorFault{System,
    /// bad_cursor}.
    PageWalk(const PageRules& rules, const Cursor& from, const PageLimits& limits, bool is_taken_up = false);

    PageQuestion question() const;
    /// Whether question() is the first of its pass.
    bool isAtBegin() const { return state_.pages == 0; }
    /// The page before, to be asked for again behind the answer to question(): whether it still ends where it did.
    /// Nothing where that need not be known. `behind`: the answer to question().
    std::optional<PageQuestion> questionBefore(const AnswerFacts& behind) const;
    /// What it was answered with, and what take() gets next. True where it is to be asked once more, and told.
    bool lookBack(const AnswerFacts& before, const AnswerFacts& behind);
    /// In its place, where questionBefore() failed: some sources give each link once. Throws the fault of any other.
    void lookBackRefused(const ConnectorFault& fault);
    /// Whether the answer to question() may be a page that was read before, but for members that differ with each
    /// answer: question() is to be asked once more then, and told with repeats(). Of pages by cursor or link once for
    /// each page that is kept, and where it came alike more than once.
    bool mayRepeat(const AnswerFacts& facts) const;
    /// In its place, where asking once more failed: some sources give each cursor or link once, and nothing follows
    /// from that. Throws the fault of pages by number.
    void repeatRefused(const ConnectorFault& fault) const;
    /// `again`: the second answer. take() gets the first one, and throws where it is that page.
    void repeats(const AnswerFacts& facts, const AnswerFacts& again);
    /// In place of take(), where question() failed: a cursor or link that the source does not take any more begins the
    /// pass anew, once in a run. Throws the fault, with what to do, where that is of no use.
    PageEnd refused(const ConnectorFault& fault) const;
    /// In place of take(), where the answer to question() is whole and cannot be read: the walk goes on behind it, and
    /// the time of `since` stays, so that its page comes again. `next`: of Link. Throws the fault where it cannot: the
    /// next cursor stands in the answer, its length is not known, or the page before was of this kind too.
    PageEnd passOver(const ConnectorFault& fault, const std::string& next, std::int64_t answered_ms);
    /// `answered_ms`: the source's clock when it answered, no record ahead of which moves a watermark. Throws
    /// ConnectorFault{Config}: pages_in_circles, cursor_too_long, too_many_pages, watermark_unreadable,
    /// watermark_ahead. `ended_early` where the pass gave fewer records than the source told. Where a time is sent that
    /// filters them nothing follows from a total: some sources count their whole table. The same where rows moved to
    /// pages that were read before. `withheld` where fewer were told than came: such a total tells no end. `uncounted`
    /// where the pass was to be held against a `total`, and no answer of it had one that can be read.
    PageEnd take(const AnswerFacts& facts, std::int64_t answered_ms, const std::string& where);
    /// For a check, of a first page with `came` records: how its `link` to the second one is understood, in a line.
    static std::string linkRule(const std::string& link, std::uint64_t came);
    /// For a check, behind how many records came: of how many, or that nothing can prove a pass of several pages whole.
    static std::string countText(const PageRules& rules, const AnswerFacts& facts);
    /// For a check: throws ConnectorFault{Transient, set_incomplete}.
    static void mustBeWhole(const PageEnd& end, const std::string& where);
    /// For a check: throws ConnectorFault{Config, total_unreadable}.
    static void mustBeCounted(const AnswerFacts& facts, const std::string& where);
    /// The same, where the source says that nothing changed.
    PageEnd unchanged(std::int64_t answered_ms, const std::string& where) const;
    /// To be kept with the cursor, for PageQuestion.
    void remember(const std::string& tag, const std::string& modified) {
        state_.tag = tag, state_.modified = modified;
        state_.tag_counted = rules_.is_counted ? 1 : 0;
    }

private:
    /// Brent's: one page (or token) that was seen before.
    struct Kept {
        std::string digest, columns;
        std::uint64_t steps = 0, power = 1;
        std::uint64_t page = 0;            ///< its number; former versions did not keep it
        std::uint64_t met = 0, alike = 0;  ///< how often it came since; how often but for some of its members
    };
    struct State {
        std::optional<std::int64_t> since_ms, high_ms, started_ms;
        std::optional<std::int64_t> late_ms;  ///< sorted: from when on records of that time or older may have come late
        std::uint64_t pages = 0, records = 0, size = 0;
        std::optional<std::uint64_t> total;  ///< the least that the source told of this pass
        std::optional<std::uint64_t> wrong;  ///< one that was less than what had come: none of this pass ends it
        std::string token;                   ///< the next cursor or link
        std::string former;                  ///< of Link: with which the page before was asked for; empty: the first
        std::string tag, modified;
        Kept kept{};                        ///< of pages by number; the token of others
        Kept kept_page{};                   ///< of pages by cursor or link: the records, under whatever token they come
        std::uint64_t came = 0, backs = 0;  ///< records of the page before; how often the walk went back by one
        std::string edge, row;              ///< of the page before: mark of its last record, digest of its times
        std::string edge_columns;           ///< of it, where a reconciliation asks and its records bear no times
        std::uint64_t unsure = 0;     ///< nobody can tell whether rows moved: kNotTold, kNotGiven; or they did: kMoved
        std::uint64_t odd = 0;        ///< a page had times, and none of the given form
        std::uint64_t timed = 0;      ///< a record had the member of `since`, whatever stood there
        std::uint64_t untimed = 0;    ///< records without it
        std::uint64_t usual = 0;      ///< what the passes before tell of that member: kUsual, kOptional, 0: little
        std::uint64_t ahead = 0;      ///< a record had a time ahead of the source's clock
        std::uint64_t passed = 0;     ///< pages that were passed over
        std::uint64_t anew = 0;       ///< the pass was begun again behind a refused cursor
        std::uint64_t blank = 0;      ///< pages in a row without a record
        std::uint64_t uncounted = 0;  ///< an answer had no `total` that can be read
        std::uint64_t tag_counted = 0;  ///< what `tag` and `modified` are of had one; former versions did not look
        std::string write() const;
        bool read(const Cursor& cursor);
    };
    /// State::unsure. Rows of one time hide one that left; the page before is given only once; a reconciliation saw
    /// rows move, and reads on.
    static constexpr std::uint64_t kNotTold = 1, kNotGiven = 2, kMoved = 3;
    static constexpr std::uint64_t kUsual = 1, kOptional = 2;  ///< State::usual
    void findCircle(const std::string& seen, const AnswerFacts& facts, const std::string& where);
    void findSamePage(const AnswerFacts& facts, const std::string& where);
    void keepFurther(Kept& kept, const std::string& digest, const std::string& columns) const;
    std::uint64_t pageOf(const Kept& kept) const;
    void noteTimes(const AnswerFacts& facts, std::int64_t answered_ms, const std::string& where);
    void noteTotal(const AnswerFacts& facts);
    bool isCountedWhole() const;
    bool hasLostItsTime() const;
    std::uint64_t usualAfter() const;
    bool isTotalReached(const AnswerFacts& facts, bool fell) const;
    bool isByNumber() const { return rules_.isByNumber(); }
    bool isByToken() const { return rules_.style == PageStyle::Token || rules_.style == PageStyle::Link; }
    bool isRepeated(const AnswerFacts& facts) const;
    bool isChecked() const { return rules_.has_since || judges_absence_; }
    bool isCheckedLink() const { return rules_.style == PageStyle::Link && isChecked(); }
    bool isCountedLink(const AnswerFacts& behind) const;
    State stateAtBegin() const;
    Cursor beginOfPass() const { return stateAtBegin().write(); }
    void noteEdge(const AnswerFacts& facts);
    bool mayBeAsItWas(const AnswerFacts& before) const;
    bool isAsItWas(const AnswerFacts& before, const AnswerFacts& behind) const;
    void noteMoved(bool is_a_bit);
    std::string whyUnsure() const;
    PageEnd oneBack() const;
    /// A mark beyond the source's clock would read nothing until then, and say that all is well.
    void mustNotBeAhead(std::int64_t answered_ms, const std::string& where) const;
    State nextPass(std::int64_t answered_ms) const;

    enum class Edge { InPlace, MovedABit, Gone };

    const PageRules& rules_;
    const bool is_taken_up_, judges_absence_;
    State state_;
    Edge edge_ = Edge::InPlace;
    bool repeats_ = false;        ///< the page that is kept, but for what differs with each answer
    std::string looked_;          ///< mark that ended the page before when it was looked at, where that was another one
    std::string looked_columns_;  ///< its columns then
};

}  // namespace caseway
