// connectors/sql/table_reading.cpp - pages in the order of their key; what is given twice is told apart by its digest.
#include "connectors/sql/table_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/turn_wait.hpp"
#include "connectors/sql/watermark_scale.hpp"
#include "gateway/domain/unreadable_record.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

constexpr std::uint64_t kRowsMax = 5000;
constexpr std::size_t kCursorRowsBytes = 40 * 1024;  ///< of kCursorBytesMax
constexpr std::size_t kSeenMax = 1500;
constexpr int kMarksLooked = 20;               ///< values, from the highest down, of a table whose page has no mark
constexpr std::uint64_t kLookedMost = 50'000;  ///< rows of a call, where none of them is given
/// How far the hours of a column and of its database may lie apart: a column need not be in the database's zone.
constexpr std::int64_t kZonesApart = 26 * 3'600'000;

[[noreturn]] void watermarkUnreadable(const SqlSettings& settings) {
    throw configFault("watermark_unreadable", settings.watermark->column,
                      "it holds neither times in a known form nor whole numbers",
                      "choose a column that does, or use `flag`");
}

std::optional<std::int64_t> timeOrNumber(const std::string& text, bool is_number) {
    const auto scale = WatermarkScale::of(text, is_number);
    return scale ? scale->value(text) : std::nullopt;
}

}  // namespace

bool TableReading::isNumber() const {
    const SqlKind kind = plan_.columns()[plan_.order().front()].kind;
    return kind == SqlKind::Integer || kind == SqlKind::Number;
}

std::vector<std::string> TableReading::orderOf(const SqlRow& row) const {
    std::vector<std::string> values;
    for (const std::size_t column : plan_.order()) {
        if (!row[column].unreadable.empty())
            throw configFault("key_not_readable", settings_.table.text(), row[column].unreadable,
                              "choose another key or watermark, or ask the department to correct that row: it has no "
                              "place in the order");
        values.push_back(row[column].bytes);
    }
    return values;
}

/// What was committed late may lie as far before the highest mark of its time as the overlap says. That is the highest
/// that there was when the pass began: where it took long, or another day went on with it, the highest that it saw says
/// nothing of rows that it had passed.
const std::string& TableReading::settledMark(const SqlCursor& cursor) const {
    const auto scale = cursor.high.empty() ? std::nullopt : WatermarkScale::of(cursor.high, isNumber());
    const auto top = scale ? scale->value(cursor.top) : std::nullopt;
    return top && *top < *scale->value(cursor.high) ? cursor.top : cursor.high;
}

/// Where a pass begins: behind what was seen, less the overlap.
std::optional<std::string> TableReading::beginOfPass(const SqlCursor& from) const {
    if (!settings_.watermark || from.high.empty() || !from.after.empty()) return std::nullopt;
    const std::string& settled = settledMark(from);
    const auto scale = WatermarkScale::of(settled, isNumber());
    if (!scale) watermarkUnreadable(settings_);
    return scale->write(*scale->value(settled) - scale->overlap(settings_.watermark->overlap));
}

/// False: the page is full, and this row begins the next one.
bool TableReading::take(const SqlRow& row, const PageLimits& limits, Page& page) {
    budget_.mustGoOn(settings_.table.text());
    waitForTurn(rows_pace_, budget_, settings_.table.text());
    std::vector<std::string> order = orderOf(row);
    if (order == page.next.after) {
        throw configFault("key_not_unique", settings_.table.text(), "two rows have one key", "add a column to `key`");
    }
    const std::uint64_t most = std::min<std::uint64_t>(std::max<std::uint32_t>(limits.records, 1), kRowsMax);
    if (page.taken() >= most || (page.taken() != 0 && page.json.size() >= limits.bytes) ||
        page.cursor_bytes > kCursorRowsBytes) {
        page.more = true;
        return false;
    }
    if (page.seen.looked() >= kLookedMost && !page.seen.isHolding()) {
        page.more = page.is_enough = true;
        return false;
    }
    const std::string digest = document_.digest(row);
    std::string refused;
    if (settings_.watermark) {
        const SeenRows::Row seen = page.seen.look(order, digest, page.next.after);
        if (seen == SeenRows::Row::Changed) {
            page.next.after = page.seen.begin();
            page.more = true;
            return false;
        }
        refused = placeOf(order.front(), page);
        page.next.after = std::move(order);
        if (seen != SeenRows::Row::New) return true;
    } else {
        page.next.after = std::move(order);
    }
    if (settings_.flag) {
        page.next.rows.push_back({page.next.after, digest});
        for (const std::string& part : page.next.after) page.cursor_bytes += 2 * part.size() + 8;
        page.cursor_bytes += digest.size() + 8;
    }
    page.json += (page.records == 0 ? "[" : ",\n") + document_.object(row, refused);
    ++page.records;
    return true;
}

bool TableReading::isMark(const std::string& text) const {
    return WatermarkScale::of(text, isNumber()).has_value();
}

/// Of the highest values the first that is a mark. Where none is, it is the setting, and told before the table comes
/// row by row, each of them refused; a row of garbage behind all others is no reason: it is refused when its turn
/// comes.
std::string TableReading::highestMark() const {
    const SqlColumn& column = plan_.columns()[plan_.order().front()];
    try {
        std::string highest = connection_.value(plan_.highest());
        for (int looked = 0; looked < kMarksLooked && !highest.empty(); ++looked) {
            if (isMark(highest)) return highest;
            // Times begin with a digit, and words, which are most of what stands there instead, come behind digits.
            const bool skips_words = looked == 0 && column.kind == SqlKind::Text;
            highest = connection_.value(plan_.highestBelow(), {{&column, skips_words ? "A" : highest}});
        }
    } catch (const ConnectorFault& fault) {  // nothing of that type (uuid, inet, boolean) is a time
        if (fault.parts().code != "statement_refused") throw;
    }
    return {};
}

void TableReading::beginAt(const SqlCursor& from, const std::string& highest, Page& page) const {
    const std::string& settled = settledMark(from);
    page.next.began = &settled == &from.top ? settled : std::string();
    page.next.top = topAtBegin(from, highest, page);
}

/// Not one that is ahead of the database's time: it says nothing of what is committed.
std::string TableReading::topAtBegin(const SqlCursor& from, std::string highest, const Page& page) const {
    const auto scale = highest.empty() ? std::nullopt : WatermarkScale::of(highest, isNumber());
    if (!scale) return from.high;
    if (scale->form && page.now && *scale->value(highest) > *page.now) {
        const SqlColumn& column = plan_.columns()[plan_.order().front()];
        highest = connection_.value(plan_.highestBelow(), {{&column, scale->write(*page.now + 1000)}});
    }
    const auto value = scale->value(highest);
    return !value || scale->value(from.high).value_or(*value) > *value ? from.high : highest;
}

/// Why a row cannot be held against the watermark; it holds up none of the others.
std::string TableReading::placeOf(const std::string& mark, Page& page) const {
    if (const auto scale = WatermarkScale::of(mark, isNumber())) {
        const bool is_ahead = scale->form && page.now && *scale->value(mark) > *page.now;
        (is_ahead ? page.mark_ahead : page.last_mark) = mark;
        return {};
    }
    return fmt::format("watermark_unreadable: column `{}` holds neither a time in a known form nor a whole number",
                       settings_.watermark->column);
}

void TableReading::readSome(const SqlCursor& from, const PageLimits& limits, Page& page) {
    const auto begin = beginOfPass(from);
    const std::uint64_t most = std::min<std::uint64_t>(std::max<std::uint32_t>(limits.records, 1), kRowsMax);
    const SqlFlag* flag = settings_.flag ? &*settings_.flag : nullptr;
    std::uint64_t rows = 0;
    page.more = false;
    connection_.query(plan_.selectPage(!from.after.empty(), begin.has_value(), most + 1),
                      plan_.pageParameters(flag, from.after, begin ? &*begin : nullptr), plan_.columns(),
                      [&](const SqlRow& row) {
                          // The last one tells that there is more, even where all before it were seen.
                          if (++rows > most && page.taken() < most) return page.more = true, false;
                          return take(row, limits, page);
                      });
}

/// Rows whose key or watermark is NULL have no place in the order. One record tells of them all, each time, and holds
/// up none of the others.
void TableReading::tellWithoutOrder(Page& page) const {
    const SqlFlag* flag = settings_.flag ? &*settings_.flag : nullptr;
    const std::string count =
        connection_.value(plan_.countUnreadWithoutOrder(), plan_.pageParameters(flag, {}, nullptr));
    if (count == "0") return;
    page.json = "[{";
    appendJsonString(kUnreadableMember, page.json);
    page.json += ':';
    appendJsonString(fmt::format("key_missing: {} rows have NULL in the key or the watermark", count), page.json);
    page.json += '}';
    page.records = page.told = 1;
}

PageEnd TableReading::read(const SqlCursor& from, const PageLimits& limits, PageSink& sink) {
    budget_.mustGoOn(settings_.table.text());
    // Before the rows: what comes while they are read may be later, and comes again.
    const std::string clock = settings_.watermark && !isNumber() ? plan_.clock() : std::string();
    const std::string now = clock.empty() ? clock : connection_.value(clock);
    const bool begins = settings_.watermark && from.after.empty();
    const std::string highest = begins ? highestMark() : std::string();
    if (begins) mustNotBeAhead(from, isNumber() ? highest : now);
    Page page(from);
    page.now = timeOrNumber(now, false);
    if (begins)
        beginAt(from, highest, page);
    else if (from.top.empty())
        page.next.top = from.high;  // of a version that did not keep it
    PageEnd end;
    if (settings_.count && from.after.empty()) {
        std::uint64_t count = 0;
        const std::string text = connection_.value(plan_.countAll());
        std::from_chars(text.data(), text.data() + text.size(), count);
        end.source_total = count;
    }
    if (settings_.flag) end.withheld = "rows whose flag is set";
    if (from.after.empty()) tellWithoutOrder(page);
    SqlCursor begin = from;
    do {
        readSome(begin, limits, page);
        if (!page.more && page.seen.leave()) {
            page.next.after = page.seen.begin();
            page.more = true;
        }
        begin.after = page.next.after;
    } while (page.more && !page.is_enough && (page.taken() == 0 || page.seen.isHolding()));
    if (settings_.watermark) keepWatermark(page);
    end.last = !page.more;
    end.records = page.records;
    if (end.last) page.next.after.clear(), page.next.place = {};
    if (end.last && settings_.watermark) lookBelow(from, page);
    end.next = page.next.write();
    if (page.records == 0) return end;
    sink.payload({settings_.table.text(), "application/json", page.records});
    page.json += "]";
    sink.bytes(page.json);
    return end;
}

/// A mark ahead of all that can come would read nothing for ever, and say that all is well: a table that was restored
/// from an older backup counts on from a lower number, a time in the future was kept by a version that knew no clock.
void TableReading::mustNotBeAhead(const SqlCursor& from, const std::string& most) const {
    const auto scale = from.high.empty() ? std::nullopt : WatermarkScale::of(from.high, isNumber());
    if (!scale) return;
    const auto bound = most.empty() ? std::nullopt : timeOrNumber(most, isNumber());
    const std::int64_t apart = scale->overlap(settings_.watermark->overlap) + (isNumber() ? 0 : kZonesApart);
    if (!bound || *scale->value(from.high) - apart <= *bound) return;
    throw configFault("watermark_ahead", settings_.watermark->column,
                      fmt::format("reading stands at {}, and {} is {}", from.high,
                                  isNumber() ? "the highest of the table" : "the time of the database", most),
                      "if the department restored its table from a backup, or a row was dated in the future: read it "
                      "again from the beginning (caseway sync run --full)");
}

/// Of numbers nobody can say whether one is ahead: a row of milliseconds among those of seconds hides all that come.
/// But where a pass gives nothing, and behind it a higher one stands than before, rows came that no pass will ever
/// give.
void TableReading::lookBelow(const SqlCursor& from, Page& page) const {
    SqlCursor& next = page.next;
    if (&settledMark(next) == &next.high) next.top.clear();
    next.began.clear();
    const auto begin = isNumber() ? beginOfPass(next) : std::nullopt;
    if (!begin) return;
    const SqlColumn& column = plan_.columns()[plan_.order().front()];
    const std::string below = connection_.value(plan_.highestBelow(), {{&column, *begin}});
    const bool is_idle = from.after.empty() && page.taken() == 0 && from.below && beginOfPass(from) == begin;
    const auto value = timeOrNumber(below, true), before = is_idle ? timeOrNumber(*from.below, true) : std::nullopt;
    if (is_idle && value && (before ? *value > *before : from.below->empty()))
        throw configFault(
            "watermark_ahead", settings_.watermark->column,
            fmt::format(
                "reading stands at {}, and rows came that lie below it by more than the overlap, the highest of "
                "them with {}: no run would read them",
                next.high, below),
            "look at the row with the highest number: where that is of another unit (milliseconds among seconds), let "
            "the department correct it; where rows are committed late, give a longer `overlap`; then read it again "
            "from the beginning (caseway sync run --full)");
    next.below = below;
}

/// The highest mark never goes back, nor is it one ahead of the database's own time: a row that is dated in the future
/// must not hide those that come until then, nor those that come late with an older mark. What lies further back than
/// the overlap need not be remembered.
void TableReading::keepWatermark(Page& page) const {
    const std::string last = page.last_mark.empty() ? page.next.high : page.last_mark;
    const std::string any = last.empty() ? page.mark_ahead : last;
    if (any.empty() && page.taken() != 0 && !has_marks_) {
        has_marks_ = !highestMark().empty();
        if (!has_marks_) watermarkUnreadable(settings_);
    }
    if (any.empty()) return keepSome(page.next);
    const auto scale = WatermarkScale::of(any, isNumber());
    if (!scale) watermarkUnreadable(settings_);
    const std::int64_t value = *scale->value(any);
    std::string& high = page.next.high;
    if (!last.empty() && (high.empty() || scale->value(high).value_or(value) <= value)) high = last;
    auto& seen = page.next.seen;
    if (!high.empty()) {
        const std::string& settled = page.next.began.empty() ? settledMark(page.next) : page.next.began;
        const std::int64_t least = scale->value(settled).value_or(value) - scale->overlap(settings_.watermark->overlap);
        // What lies in the second, or the day, of the begin comes again.
        const std::int64_t rounded = scale->value(scale->write(least)).value_or(least);
        std::erase_if(seen, [&](const auto& one) { return scale->value(one.mark).value_or(value) < rounded; });
    }
    std::stable_sort(seen.begin(), seen.end(), [&](const auto& one, const auto& other) {
        return scale->value(one.mark).value_or(value) < scale->value(other.mark).value_or(value);
    });
    keepSome(page.next);
}

/// Of what was seen as much as a cursor holds: the last.
void TableReading::keepSome(SqlCursor& next) {
    auto& seen = next.seen;
    std::size_t kept = 0, first = seen.size();
    while (first > 0 && kept + seen[first - 1].weight() <= kSeenMax) kept += seen[--first].weight();
    seen.erase(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(first));
    const bool is_kept =
        std::any_of(seen.begin(), seen.end(), [&](const auto& one) { return one.mark == next.place.mark; });
    if (!is_kept) next.place.open = next.place.block = 0;
}

void TableReading::acknowledge(const SqlCursor& durable) {
    if (!settings_.flag || durable.rows.empty()) return;
    connection_.begin();
    try {
        for (const SqlCursor::ReadRow& read : durable.rows) {
            budget_.mustGoOn(settings_.table.text());
            if (read.key.size() != plan_.key().size()) throw badCursor("its keys have another number of columns");
            std::vector<SqlParameter> parameters = plan_.keyParameters(read.key);
            parameters.push_back({&plan_.flag(), settings_.flag->unread});
            bool same = false;
            std::size_t rows = 0;
            connection_.query(plan_.selectUnread(), parameters, plan_.columns(), [&](const SqlRow& row) {
                same = document_.digest(row) == read.digest;
                return ++rows < 2;
            });
            if (!same || rows != 1) continue;  // changed, marked or gone meanwhile
            parameters.insert(parameters.begin(), {&plan_.flag(), settings_.flag->done});
            connection_.execute(plan_.markDone(), parameters);
        }
        connection_.commit();
    } catch (...) {
        connection_.rollBack();
        throw;
    }
}

}  // namespace caseway
