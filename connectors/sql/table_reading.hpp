// connectors/sql/table_reading.hpp - one page of a table, and its acknowledgement: by flag, or behind a watermark with
// the key as tie-breaker, so that many rows with one time are neither skipped nor read for ever.
#pragma once

#include "connectors/sdk/call_budget.hpp"
#include "connectors/sdk/request_pace.hpp"
#include "connectors/sql/row_document.hpp"
#include "connectors/sql/seen_rows.hpp"

namespace caseway {

class TableReading {
public:
    /// `has_marks`: whether some row of the table is known to have a mark; kept by the caller for the pages behind.
    TableReading(OdbcConnection& connection, const TablePlan& plan, const SqlSettings& settings,
                 const CallBudget& budget, RequestPace& rows_pace, bool& has_marks)
        : connection_(connection),
          plan_(plan),
          settings_(settings),
          budget_(budget),
          rows_pace_(rows_pace),
          has_marks_(has_marks),
          document_(plan, settings) {}

    PageEnd read(const SqlCursor& from, const PageLimits& limits, PageSink& sink);
    /// Marks the rows that are still as they were read; those that changed meanwhile stay unread.
    void acknowledge(const SqlCursor& durable);

private:
    struct Page {
        SqlCursor next;
        std::string json;
        std::uint64_t records = 0;
        std::uint64_t told = 0;  ///< of them those that stand for rows without a place
        bool more = false;
        std::size_t cursor_bytes = 0;
        bool is_enough = false;  ///< of rows that were given before: the call ends
        std::string last_mark;   ///< the last watermark that has a place, and is not ahead of `now`
        std::string mark_ahead;  ///< one that is
        std::optional<std::int64_t> now{};
        SeenRows seen{next};

        explicit Page(const SqlCursor& from) : next(from) { next.rows.clear(); }
        Page(const Page&) = delete;
        Page& operator=(const Page&) = delete;
        std::uint64_t taken() const { return records - told; }
    };
    void readSome(const SqlCursor& from, const PageLimits& limits, Page& page);
    bool take(const SqlRow& row, const PageLimits& limits, Page& page);
    std::vector<std::string> orderOf(const SqlRow& row) const;
    void tellWithoutOrder(Page& page) const;
    std::string placeOf(const std::string& mark, Page& page) const;
    bool isMark(const std::string& text) const;
    std::string highestMark() const;
    void beginAt(const SqlCursor& from, const std::string& highest, Page& page) const;
    std::string topAtBegin(const SqlCursor& from, std::string highest, const Page& page) const;
    const std::string& settledMark(const SqlCursor& cursor) const;
    void lookBelow(const SqlCursor& from, Page& page) const;
    void keepWatermark(Page& page) const;
    static void keepSome(SqlCursor& next);
    void mustNotBeAhead(const SqlCursor& from, const std::string& most) const;
    std::optional<std::string> beginOfPass(const SqlCursor& from) const;
    bool isNumber() const;

    OdbcConnection& connection_;
    const TablePlan& plan_;
    const SqlSettings& settings_;
    const CallBudget& budget_;
    RequestPace& rows_pace_;
    bool& has_marks_;
    RowDocument document_;
};

}  // namespace caseway
