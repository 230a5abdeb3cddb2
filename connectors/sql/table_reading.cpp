// connectors/sql/table_reading.cpp - pages in the order of their key; what is given twice is told apart by its digest.
#include "connectors/sql/table_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "connectors/sdk/faults.hpp"
#include "connectors/sql/watermark_scale.hpp"

namespace caseway {
namespace {

constexpr std::uint64_t kRowsMax = 5000;
constexpr std::size_t kCursorRowsBytes = 40 * 1024;  ///< of kCursorBytesMax
constexpr std::size_t kSeenMax = 1500;

[[noreturn]] void watermarkUnreadable(const SqlSettings& settings) {
    throw configFault("watermark_unreadable", settings.watermark->column,
                      "it holds neither times in a known form nor whole numbers",
                      "choose a column that does, or use `flag`");
}

}  // namespace

bool TableReading::isNumber() const {
    const SqlKind kind = plan_.columns()[plan_.order().front()].kind;
    return kind == SqlKind::Integer || kind == SqlKind::Number;
}

std::vector<std::string> TableReading::orderOf(const SqlRow& row) const {
    std::vector<std::string> values;
    for (const std::size_t column : plan_.order()) {
        if (row[column].is_null) {
            throw configFault("key_missing", settings_.table.text(),
                              fmt::format("a row has NULL in `{}`", plan_.columns()[column].name),
                              "ask the department to fill it: such rows have no place in the order");
        }
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

bool TableReading::isSeen(Page& page, const std::string& mark, const std::string& digest) const {
    auto& seen = page.next.seen;
    auto at = std::find_if(seen.rbegin(), seen.rend(), [&](const auto& one) { return one.mark == mark; });
    if (at == seen.rend()) {
        seen.push_back({mark, {digest}});
        return false;
    }
    if (std::find(at->digests.begin(), at->digests.end(), digest) != at->digests.end()) return true;
    at->digests.push_back(digest);
    return false;
}

/// False: the page is full, and this row begins the next one.
bool TableReading::take(const SqlRow& row, const PageLimits& limits, Page& page) {
    budget_.mustGoOn(settings_.table.text());
    std::vector<std::string> order = orderOf(row);
    if (order == page.next.after) {
        throw configFault("key_not_unique", settings_.table.text(), "two rows have one key", "add a column to `key`");
    }
    const std::uint64_t most = std::min<std::uint64_t>(std::max<std::uint32_t>(limits.records, 1), kRowsMax);
    if (page.records >= most || (page.records != 0 && page.json.size() >= limits.bytes) ||
        page.cursor_bytes > kCursorRowsBytes) {
        page.more = true;
        return false;
    }
    const std::string digest = document_.digest(row);
    page.next.after = std::move(order);
    if (settings_.flag) {
        page.next.rows.push_back({page.next.after, digest});
        for (const std::string& part : page.next.after) page.cursor_bytes += 2 * part.size() + 8;
        page.cursor_bytes += digest.size() + 8;
    } else if (isSeen(page, page.next.after.front(), digest)) {
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
                          if (++rows > most && page.records < most) return page.more = true, false;
                          return take(row, limits, page);
                      });
}

PageEnd TableReading::read(const SqlCursor& from, const PageLimits& limits, PageSink& sink) {
    budget_.mustGoOn(settings_.table.text());
    Page page;
    page.next = from;
    page.next.rows.clear();
    PageEnd end;
    if (settings_.count && from.after.empty()) {
        std::uint64_t count = 0;
        const std::string text = connection_.value(plan_.countAll());
        std::from_chars(text.data(), text.data() + text.size(), count);
        end.source_total = count;
    }
    if (settings_.flag) end.withheld = "rows whose flag is set";
    SqlCursor begin = from;
    do {
        readSome(begin, limits, page);
        begin.after = page.next.after;
    } while (page.more && page.records == 0);
    if (settings_.watermark) keepWatermark(page);
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

/// The highest mark never goes back; what lies further back than the overlap need not be remembered.
void TableReading::keepWatermark(Page& page) const {
    if (page.next.after.empty()) return;
    const std::string& last = page.next.after.front();
    const auto scale = WatermarkScale::of(last, isNumber());
    if (!scale) watermarkUnreadable(settings_);
    const std::int64_t value = *scale->value(last);
    if (page.next.high.empty() || scale->value(page.next.high).value_or(value) <= value) page.next.high = last;
    const std::int64_t least =
        scale->value(page.next.high).value_or(value) - scale->overlap(settings_.watermark->overlap);
    auto& seen = page.next.seen;
    // Times are written in whole seconds: what lies in the second of the begin comes again.
    const std::int64_t rounded = scale->form ? least - 1000 : least;
    std::erase_if(seen, [&](const auto& one) { return scale->value(one.mark).value_or(value) < rounded; });
    std::size_t kept = 0, first = seen.size();
    while (first > 0 && kept + seen[first - 1].digests.size() + 1 <= kSeenMax) kept += seen[--first].digests.size() + 1;
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
