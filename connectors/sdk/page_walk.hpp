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
    /// Throws ConnectorFault{System, bad_cursor}.
    PageWalk(const PageRules& rules, const Cursor& from, const PageLimits& limits);

    PageQuestion question() const;
    /// `answered_ms`: the source's clock when it answered, beyond which no watermark is kept. Throws
    /// ConnectorFault{Config}: pages_in_circles, too_many_pages, watermark_unreadable, watermark_ahead.
    /// `ended_early` where the pass gave fewer records than the source told. Where a time is sent that filters them
    /// nothing follows from a total: some sources count their whole table.
    PageEnd take(const AnswerFacts& facts, std::int64_t answered_ms, const std::string& where);
    /// For a check: throws ConnectorFault{Transient, set_incomplete}.
    static void mustBeWhole(const PageEnd& end, const std::string& where);
    /// The same, where the source says that nothing changed.
    PageEnd unchanged(std::int64_t answered_ms, const std::string& where) const;
    /// To be kept with the cursor, for PageQuestion.
    void remember(const std::string& tag, const std::string& modified) { state_.tag = tag, state_.modified = modified; }

private:
    struct State {
        std::optional<std::int64_t> since_ms, high_ms, started_ms;
        std::uint64_t pages = 0, records = 0, size = 0;
        std::optional<std::uint64_t> total;  ///< the least that the source told of this pass
        std::string token;                   ///< the next cursor or link
        std::string tag, modified;
        std::string mark;  ///< Brent's: digest of one page (or token) seen before
        std::uint64_t steps = 0, power = 1;
        std::string write() const;
        bool read(const Cursor& cursor);
    };
    void findCircle(const std::string& seen, const std::string& where);
    void noteTimes(const AnswerFacts& facts, const std::string& where);
    void noteTotal(const AnswerFacts& facts);
    bool isCountedWhole() const;
    /// A mark beyond the source's clock would read nothing until then, and say that all is well.
    void mustNotBeAhead(std::int64_t answered_ms, const std::string& where) const;
    State nextPass(std::int64_t answered_ms) const;

    const PageRules& rules_;
    State state_;
};

}  // namespace caseway
