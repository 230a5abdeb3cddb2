// gateway/pipeline/difference_report.cpp - entries are kept as text, so that their memory is what they are bounded by.
#include "gateway/pipeline/difference_report.hpp"

#include <algorithm>
#include <map>

#include "gateway/formats/json/document.hpp"
#include "gateway/formats/run/marked_cases.hpp"
#include "gateway/formats/run/object_members.hpp"
#include "gateway/formats/run/reconciliation_document.hpp"

namespace caseway {
namespace {

constexpr std::size_t kListBytes = 8 * 1024 * 1024;  ///< of each kind of difference, and of the payloads: 70,000 cases or more
constexpr std::size_t kFieldsOfEntry = 50;

}  // namespace

void DifferenceReport::append(std::string entry, List& list) {
    if (list.left_out != 0 || list.json.size() + entry.size() + 1 > kListBytes) {
        ++list.left_out;
        return;
    }
    if (!list.json.empty()) list.json += ',';
    list.json += entry;
}

void DifferenceReport::add(Difference kind, std::string_view case_no, std::string_view source_case_no,
                           const std::vector<std::string>& fields) {
    List& list = differences_[static_cast<std::size_t>(kind)];
    if (list.left_out != 0) return static_cast<void>(++list.left_out);
    std::string entry;
    Members members(entry);
    if (!case_no.empty()) members.text("case_no", case_no);
    if (!fields.empty()) {
        std::string& names = members.value("fields");
        names += '[';
        for (std::size_t i = 0; i < std::min(fields.size(), kFieldsOfEntry); ++i) {
            if (i != 0) names += ',';
            appendJsonString(fields[i], names);
        }
        names += ']';
    }
    members.text("kind", nameOf(kind));
    if (!source_case_no.empty()) members.text("source_case_no", source_case_no);
    members.close();
    append(std::move(entry), list);
}

void DifferenceReport::add(const Payload& payload) {
    std::string entry;
    Members members(entry);
    members.number("bytes", payload.bytes);
    members.text("name", payload.name);
    members.number("records", payload.records);
    members.text("sha256", toHex(payload.digest));
    members.close();
    append(std::move(entry), payloads_);
}

void DifferenceReport::add(const Refused& refused) {
    if (refusals_.left_out != 0) return static_cast<void>(++refusals_.left_out);
    std::string entry;
    Members members(entry);
    members.text("code", refused.code);
    if (!refused.field.empty()) members.text("field", refused.field);
    members.text("payload", refused.payload);
    members.number("record", refused.record);
    members.close();
    append(std::move(entry), refusals_);
}

void DifferenceReport::mark(const std::vector<std::int64_t>& ids) {
    marked_ = markedCasesText(ids);
}

std::string DifferenceReport::text(const Run& run, const Sha256& mapping, Instant compared_at) const {
    const Reconciliation& reconciliation = run.reconciliation.value();
    std::string json;
    Members members(json);
    members.text("compared_at", toRfc3339(compared_at));
    members.text("connector", run.connector);
    appendReconcileCounts(reconciliation.counts, members.value("counts"));
    std::string& list = members.value("differences");
    list += '[';
    for (const List& kind : differences_) {
        if (kind.json.empty()) continue;
        if (list.back() != '[') list += ',';
        list += kind.json;
    }
    list += ']';
    std::map<std::string_view, std::uint64_t> cut;  // sorted
    if (payloads_.left_out != 0) cut.emplace("payloads", payloads_.left_out);
    if (refusals_.left_out != 0) cut.emplace("refusals", refusals_.left_out);
    for (std::size_t kind = 0; kind < kKinds; ++kind)
        if (differences_[kind].left_out != 0) cut.emplace(kDifferenceNames[kind], differences_[kind].left_out);
    Members left_out(members.value("left_out"));
    for (const auto& [name, count] : cut) left_out.number(name, count);
    left_out.close();
    members.text("mapping", toHex(mapping));
    members.text("marked", marked_);
    members.value("payloads") += '[' + payloads_.json + ']';
    members.value("refusals") += '[' + refusals_.json + ']';
    members.text("repair", nameOf(reconciliation.order.repair));
    members.number("run", run.number);
    members.text("started_at", toRfc3339(run.started_at));
    members.text("state", nameOf(run.state));
    members.text("system", run.system.text());
    if (run.trouble) members.text("trouble", run.trouble->code);
    members.text("type", "difference_report");
    members.number("v", 1);
    members.text("vanished_at_most", reconciliation.order.vanished_at_most.text());
    members.close();
    return json;
}

}  // namespace caseway
