// tests/unit/report/stored_nights.hpp - a store with the runs of some nights, and the report of one of them.
#pragma once

#include "gateway/formats/envelope/stored_pull.hpp"
#include "gateway/formats/run/run_document.hpp"
#include "gateway/log/outcome_lines.hpp"
#include "gateway/report/report_builder.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/unit/report/report_fixture.hpp"

namespace caseway::report_test {

inline constexpr const char* kOutbox = "housing/permits/outbox";

/// A store with runs, as a gateway leaves it.
struct Nights {
    testing::MemoryStore store;
    std::vector<ReportedConnector> connectors;
    LogIndex next_index = 0;
    std::string payload = "rows.json";  ///< the name of those that are added

    void add(Run run, RecordCounts counts = {}, std::vector<Refusal> refusals = {}) {
        const auto writer = store.beginWrite();
        const RunNo number = writer->putRun({0, run.connector, run.ended_at.has_value(), "{}"});
        run.number = number;
        run.counts.records = counts;
        run.counts.read = counts.total();
        run.counts.payloads = 1;
        run.log_index = run.ended_at ? std::optional<LogIndex>(1) : std::nullopt;
        MessageRow row;
        row.index = next_index++;
        row.sender = run.system;
        row.message_id = MessageId::fromBytes({static_cast<std::uint8_t>(row.index + 1)});
        row.outcome = counts.refused != 0 ? MessageOutcome::Partial : MessageOutcome::Accepted;
        row.counts = counts;
        OutcomeLines lines;
        for (std::size_t i = 0; i < refusals.size(); ++i)
            lines.add(i + 1, RecordOutcome::Refused, "", {}, &refusals[i]);
        writer->putMessage(row);
        writer->putOutcomeLines(row.index, lines.take());
        MessageHeader header;
        header.message_id = *row.message_id;
        header.sender = run.system;
        header.receiver = "center/gateway";
        header.sent_at_text = "2026-11-26T01:30:00Z";
        header.mapping = "m";
        writer->putEnvelope(
            row.index, {storedPull({header, run.connector, number, 1, 1, payload, "application/json"}) + "[]", {}});
        writer->putRunPage({number, 1, jsonOf(RunPage{number, 1, {row.index}, {}})});
        writer->putRun({number, run.connector, run.ended_at.has_value(), jsonOf(run)});
        writer->commit();
    }
    void note(const std::string& name, const std::string& body) {
        const auto writer = store.beginWrite();
        writer->putReportNote(name, body);
        writer->commit();
    }
    MorningReport make(const std::string& now = "26 07:30", int day = 26) {
        return ReportBuilder(store.reader(), {"center/gateway", shanghai(), std::chrono::minutes(30)})
            .make(connectors, night(day).date, at(now));
    }
};

inline const ConnectorNight& only(const MorningReport& report) {
    BOOST_REQUIRE(report.departments.size() == 1 && report.departments[0].connectors.size() == 1);
    return report.departments[0].connectors[0];
}

inline Refusal refusal(const std::string& code, const std::string& where = "status") {
    return {
        code, where, "9***9 (3)", "one of the codes", "map it in `codes`", {}, {{"too_long", "x", "", "", "", {}, {}}}};
}

}  // namespace caseway::report_test
