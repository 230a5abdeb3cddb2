// tests/unit/pipeline/nights_fixture.hpp - nights of one XML payload each, with records that are known or without, and
// all that they leave.
#pragma once

#include <algorithm>
#include <functional>

#include "tests/unit/pipeline/pulling_fixture.hpp"

namespace caseway::test {

inline constexpr std::string_view kXmlMapping = R"(mapping: housing.permit
source: {format: xml, namespaces: {p: "urn:permits"}}
kinds:
  - description: permits
    records: "//p:Case"
    when: {from: p:Kind, equals: note, not: true}
    fields:
      source_case_no: p:Id
      data_version: p:Version
      status: "@status"
      applicant_name: p:Name
      apply_time: p:Applied
)";

/// A body whose medium is gone for a while behind so many bytes (0: never), once a part of it was applied.
class BreakingSource final : public ByteSource {
public:
    BreakingSource(std::string_view bytes, std::size_t breaks_at, int& times, std::function<bool()> is_begun)
        : all_(bytes), source_(bytes), breaks_at_(breaks_at), times_(times), is_begun_(std::move(is_begun)) {}
    std::size_t read(std::span<char> buffer) override {
        if (times_ > 0 && at_ >= breaks_at_ && is_begun_()) {
            --times_;
            throw Fault(FaultCode::StoreUnavailable, "read: injected");
        }
        const std::size_t count = source_.read(buffer);
        at_ += count;
        return count;
    }
    void rewind() override {
        source_ = MemorySource(all_);
        at_ = 0;
    }

private:
    std::string_view all_;
    MemorySource source_;
    std::size_t at_ = 0;
    const std::size_t breaks_at_;
    int& times_;
    const std::function<bool()> is_begun_;
};

struct Nights : Pulling {
    explicit Nights(bool knows_records, std::string_view yaml) : Pulling(1024), mapping(compiled(yaml)) {
        mappings.replace({{"housing.permit", mapping}});
        start(knows_records);
    }
    void start(bool knows_records) {
        large = std::make_unique<LargeMessages>(LargeMessages::Parts{
            store, committer, recorder, mappings, known,
            [this](const std::string& name) {
                return std::make_unique<BreakingSource>(bodies.at(name), breaks_at, breaks,
                                                        [this] { return isBegun(); });
            },
            limits, [](std::string_view) {}, [this](const MessageNews&) { bell.ring(); }, 1, knows_records});
    }
    /// Records of a payload are applied, and others of it are not.
    bool isBegun() {
        const auto rows = store.reader().unfinishedLarge();
        return std::any_of(rows.begin(), rows.end(), [](const LargeRow& row) { return row.next_record > 1; });
    }
    Run night(const std::string& payload, std::string_view connector = kConnector) {
        Pages source({payload});
        PulledPages pages = ledgerWith(mapping, std::string(connector) + std::to_string(++nights));
        return runWith(source, pages, RunKind::Next, 0, housing(), connector);
    }
    /// Starts as often as it takes, until the night has one run that has ended.
    Run nightWithFaults(PulledPages& pages, const std::string& payload) {
        const auto last = [&] { return memory.reader().runs({}, 0, 1); };
        const std::uint64_t before = last().empty() ? 0 : last().front().number;
        clock.set(clock.now() + std::chrono::hours(20));
        for (int start = 0; start < 4; ++start) {
            try {
                Pages source({payload});
                runWith(source, pages, RunKind::Full, 0);
            } catch (const Fault&) {  // the next start looks what became of it
            }
            const auto rows = last();
            if (!rows.empty() && rows.front().number > before && rows.front().ended) return *readRun(rows.front().body);
        }
        return {};
    }
    ShelvedMapping mapping;
    int nights = 0;
    std::size_t breaks_at = 0;
    int breaks = 0;  ///< how often a body cannot be read on there; the thread of the large messages counts
};

/// Everything that counts, row by row, but for what was signed: no two signatures are alike.
inline std::string evidenceOf(Nights& n) {
    n.large->stop();
    std::string text;
    auto& t = n.memory.tables();
    for (const auto& [index, leaf] : t.leaves.rows())
        if (leaf.find("\"origin\":\"signed\"") == std::string::npos) text += leaf + "\n";
    for (const auto& [key, lines] : t.outcome_lines.rows())  // in how many pieces does not count
        text += (key.second == 0 ? std::to_string(key.first) + "\n" : "") + lines;
    for (const auto& [id, row] : t.cases.rows())
        text += row.source_case_no + " " + row.case_no + " " + row.status + " " + std::to_string(row.last_change) +
                " " + toHex(bytesOf(row.state)) + " " + std::to_string(row.stated_by ? row.stated_by->record : 0) +
                "\n";
    for (const auto& [key, row] : t.patches.rows())
        text += std::to_string(key.first) + "/" + std::to_string(key.second) + " " + row.patch + "\n";
    for (const auto& [key, row] : t.repeats.rows())
        text += std::to_string(key.first) + "/" + std::to_string(key.second) + " " + std::to_string(row.record.index) +
                "/" + std::to_string(row.record.record) + " " +
                (row.business_time ? toRfc3339(*row.business_time) : "its own") + toRfc3339(row.sent_at) +
                row.message_id.text() + "\n";
    for (const auto& [number, row] : t.changes.rows())
        text += std::to_string(row.case_id) + " " + std::to_string(row.index) + "/" + std::to_string(row.record) + "\n";
    for (const auto& [index, row] : t.messages.rows()) text += row.answer + "\n";
    return text;
}

}  // namespace caseway::test
