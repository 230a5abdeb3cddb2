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
constexpr std::size_t kSeenOfMark = 500;  ///< more rows of one watermark are only counted
/// How far the hours of a column and of its database may lie apart: a column need not be in the database's zone.
constexpr std::int64_t kZonesApart = 26 * 3'600'000;

[[noreturn]] void watermarkUnreadable(const SqlSettings& settings) {
    throw configFault("watermark_unreadable", settings.watermark->column,
                      "it holds neither times in a known form nor whole numbers",
                      "choose a column that does, or use `flag`");
}

/// In digests.
std::size_t weightOf(const SqlCursor::SeenRows& rows) {
    std::size_t weight = rows.digests.size() + 1;
    for (const std::string& part : rows.upto) weight += 1 + part.size() / 8;
    return weight;
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

/// Where a pass begins: behind what was seen, less the overlap.
std::optional<std::string> TableReading::beginOfPass(const SqlCursor& from) const {
    if (!settings_.watermark || from.high.empty() || !from.after.empty()) return std::nullopt;
    const auto scale = WatermarkScale::of(from.high, isNumber());
    if (!scale) watermarkUnreadable(settings_);
    return scale->write(*scale->value(from.high) - scale->overlap(settings_.watermark->overlap));
}

/// A bulk load gives a hundred thousand rows one time: their digests would not fit into a cursor. What is kept of them
/// is the last key and how many there were; while the table says the same, none of them is read again.
bool TableReading::isSeen(Page& page, const std::vector<std::string>& order, const std::string& digest) const {
    auto& seen = page.next.seen;
    const std::string& mark = order.front();
    auto at = std::find_if(seen.rbegin(), seen.rend(), [&](const auto& one) { return one.mark == mark; });
    if (at == seen.rend()) {
        seen.push_back({mark, {digest}});
        return false;
    }
    if (std::find(at->digests.begin(), at->digests.end(), digest) != at->digests.end()) return true;
    at->digests.push_back(digest);
    if (at->digests.size() > kSeenOfMark) {
        at->counted += at->digests.size();
        at->upto.assign(order.begin() + 1, order.end());
        at->digests.clear();
    }
    return false;
}

/// Whether this row begins rows of one watermark that were counted before this pass.
bool TableReading::isTied(Page& page, const std::string& mark) const {
    if (mark == page.passed) return false;
    page.passed = mark;
    const auto& seen = page.next.seen;
    const bool is_counted =
        std::any_of(seen.begin(), seen.end(), [&](const auto& one) { return one.mark == mark && !one.upto.empty(); });
    if (is_counted) page.tied = mark;
    return is_counted;
}

/// Goes on behind them where they are as many as they were; else they are read again: one came late, or went.
void TableReading::passTied(Page& page) const {
    if (page.tied.empty()) return;
    auto& seen = page.next.seen;
    const auto at = std::find_if(seen.begin(), seen.end(), [&](const auto& one) { return one.mark == page.tied; });
    page.tied.clear();
    const std::string count = connection_.value(plan_.countTied(), plan_.tiedParameters(at->mark, at->upto));
    if (count != std::to_string(at->counted)) {
        seen.erase(at);
        return;
    }
    page.next.after = {at->mark};
    page.next.after.insert(page.next.after.end(), at->upto.begin(), at->upto.end());
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
    if (!settings_.flag && isTied(page, order.front())) {
        page.more = true;
        return false;
    }
    const std::string digest = document_.digest(row);
    page.next.after = std::move(order);
    if (settings_.flag) {
        page.next.rows.push_back({page.next.after, digest});
        for (const std::string& part : page.next.after) page.cursor_bytes += 2 * part.size() + 8;
        page.cursor_bytes += digest.size() + 8;
    } else if (isSeen(page, page.next.after, digest)) {
        return true;
    }
    page.json += (page.records == 0 ? "[" : ",\n") + document_.object(row);
    ++page.records;
    return true;
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
    if (settings_.watermark && from.after.empty()) mustNotBeAhead(from, now);
    Page page;
    page.next = from;
    page.next.rows.clear();
    if (!from.after.empty()) page.passed = from.after.front();
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
        passTied(page);
        begin.after = page.next.after;
    } while (page.more && page.taken() == 0);
    if (settings_.watermark) keepWatermark(page, now);
    end.last = !page.more;
    end.records = page.records;
    if (end.last) page.next.after.clear();
    end.next = page.next.write();
    if (page.records == 0) return end;
    sink.payload({settings_.table.text(), "application/json", page.records});
    page.json += "]";
    sink.bytes(page.json);
    return end;
}

/// A mark ahead of all that can come would read nothing for ever, and say that all is well: a table that was restored
/// from an older backup counts on from a lower number, a time in the future was kept by a version that knew no clock.
void TableReading::mustNotBeAhead(const SqlCursor& from, const std::string& now) const {
    const auto scale = from.high.empty() ? std::nullopt : WatermarkScale::of(from.high, isNumber());
    if (!scale) return;
    const std::string most = isNumber() ? connection_.value(plan_.highest()) : now;
    const auto bound = most.empty() ? std::nullopt : timeOrNumber(most, isNumber());
    const std::int64_t apart = scale->overlap(settings_.watermark->overlap) + (isNumber() ? 0 : kZonesApart);
    if (!bound || *scale->value(from.high) - apart <= *bound) return;
    throw configFault("watermark_ahead", settings_.watermark->column,
                      fmt::format("reading stands at {}, and {} is {}", from.high,
                                  isNumber() ? "the highest of the table" : "the time of the database", most),
                      "if the department restored its table from a backup, or a row was dated in the future: read it "
                      "again from the beginning (caseway sync run --full)");
}

/// The highest mark never goes back, nor beyond the database's own time: a row that is dated in the future must not
/// hide those that come until then. What lies further back than the overlap need not be remembered.
void TableReading::keepWatermark(Page& page, const std::string& now) const {
    if (page.next.after.empty()) return;
    std::string last = page.next.after.front();
    const auto scale = WatermarkScale::of(last, isNumber());
    if (!scale) watermarkUnreadable(settings_);
    const auto most = timeOrNumber(now, false);
    if (scale->form && most && *scale->value(last) > *most) last = scale->write(*most);
    const std::int64_t value = *scale->value(last);
    if (page.next.high.empty() || scale->value(page.next.high).value_or(value) <= value) page.next.high = last;
    const std::int64_t least =
        scale->value(page.next.high).value_or(value) - scale->overlap(settings_.watermark->overlap);
    auto& seen = page.next.seen;
    // Times are written in whole seconds: what lies in the second of the begin comes again.
    const std::int64_t rounded = scale->form ? least - 1000 : least;
    std::erase_if(seen, [&](const auto& one) { return scale->value(one.mark).value_or(value) < rounded; });
    std::size_t kept = 0, first = seen.size();
    while (first > 0 && kept + weightOf(seen[first - 1]) <= kSeenMax) kept += weightOf(seen[--first]);
    seen.erase(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(first));
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
