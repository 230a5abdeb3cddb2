// connectors/sdk/test/flawed_connector.hpp - a connector over a list in memory that keeps every promise of the port but
// one, so that the contract suite is seen to find it.
#pragma once

#include <rapidjson/document.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "connectors/sdk/contract_suite.hpp"

namespace caseway::fixture {

enum class Flaw {
    None,
    NoTitle,
    OpenSchema,
    TakesAnySettings,
    BadCheck,
    CheckWrites,
    MiscountsPage,
    CursorStands,
    CursorLoops,
    CursorTooLong,
    EndsEarlyAndGoesOn,
    ReadConsumes,
    IgnoresLimits,
    TakesRubbishCursor,
    CrashesOnRubbishCursor,
    RubbishIsTransient,
    SwallowsSink,
    NeverAsksStopping,
    CutShortIsLast,
    KeepsPlaceInMemory,
    AcknowledgesAll,
    AcknowledgeFaultsTwice,
    ReadsLastTwice,
    EmptyIsFault,
    MissesLater,
    ForgetsAnswer,
    WritesTwice
};

/// The other side: numbered documents, and what was written.
struct MemorySide final : OtherSide {
    std::map<std::uint64_t, std::string> documents;  ///< by number, growing
    std::set<std::uint64_t> archived;
    std::vector<std::string> written;
    std::uint64_t next = 1;
    std::uint64_t touched = 0;

    void fill(std::size_t records) override {
        documents.clear();
        archived.clear();
        for (std::size_t i = 0; i < records; ++i) add();
    }
    void add() override {
        documents[next] = "document " + std::to_string(next);
        ++next;
    }
    bool change() override {
        if (documents.empty()) return false;
        documents.erase(documents.begin());
        documents[next] = "changed to " + std::to_string(next);
        ++next;
        return true;
    }
    bool removeUnread() override {
        documents.erase(std::prev(documents.end()));
        return true;
    }
    std::string state() override {
        std::string all = std::to_string(touched) + "/" + std::to_string(written.size());
        for (const auto& [number, text] : documents) all += "|" + text + (archived.count(number) != 0 ? "*" : "");
        return all;
    }
};

class FlawedConnector final : public Connector {
public:
    FlawedConnector(Flaw flaw, MemorySide& side, ConnectorSurroundings surroundings)
        : flaw_(flaw), side_(side), surroundings_(std::move(surroundings)) {}

    std::vector<CheckStep> check() override {
        if (flaw_ == Flaw::CheckWrites) ++side_.touched;
        return {{"look", flaw_ != Flaw::BadCheck, "seen"}};
    }
    std::vector<SourceObject> discover() override { return {{"documents"}}; }

    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override {
        std::uint64_t at = numberOf(from);
        if (flaw_ == Flaw::KeepsPlaceInMemory) at = std::exchange(place_, place_ + 1);
        PageEnd end{.next = cursor(at), .last = true};
        if (flaw_ == Flaw::EmptyIsFault && side_.documents.empty())
            throw ConnectorFault(ConnectorFaultKind::Config, {.code = "empty", .next_step = "fill it"});
        for (auto it = side_.documents.upper_bound(at); it != side_.documents.end(); ++it) {
            if (side_.archived.count(it->first) != 0) continue;
            const bool full = end.records >= limits.records && flaw_ != Flaw::IgnoresLimits;
            if (full) return end.last = false, end;
            if (flaw_ != Flaw::NeverAsksStopping && surroundings_.stopping()) {
                if (flaw_ == Flaw::CutShortIsLast) return end;
                throw ConnectorFault(ConnectorFaultKind::Transient, {.code = "stopping"});
            }
            try {
                sink.payload({std::to_string(it->first), "text/plain", 1});
                sink.bytes(it->second);
            } catch (...) {
                if (flaw_ != Flaw::SwallowsSink) throw;
            }
            end.records += flaw_ == Flaw::MiscountsPage ? 2 : 1;
            end.next = cursor(flaw_ == Flaw::ReadsLastTwice && it == std::prev(side_.documents.end()) ? it->first - 1
                                                                                                      : it->first);
            if (flaw_ == Flaw::ReadConsumes) side_.archived.insert(it->first);
            if (flaw_ == Flaw::CursorLoops) return end.next = from == "a" ? "b" : "a", end.last = false, end;
        }
        if (flaw_ == Flaw::CursorStands) end.next = from, end.last = false;
        if (flaw_ == Flaw::EndsEarlyAndGoesOn) end.ended_early = "1 of 30 records", end.last = false;
        if (flaw_ == Flaw::CursorTooLong) end.next = std::string(kCursorBytesMax + 1, 'x');
        if (flaw_ == Flaw::MissesLater) end.next = cursor(at + 1'000'000);
        return end;
    }

    void acknowledge(const Cursor& durable) override {
        const std::uint64_t at = numberOf(durable);
        for (const auto& [number, text] : side_.documents) {
            if (number > at && flaw_ != Flaw::AcknowledgesAll) continue;
            if (!side_.archived.insert(number).second && flaw_ == Flaw::AcknowledgeFaultsTwice)
                throw ConnectorFault(ConnectorFaultKind::System, {.code = "archived_already"});
        }
    }

    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>& items) override {
        std::vector<WriteAnswer> answers;
        for (const OutgoingItem& item : items) {
            const bool there = std::find(side_.written.begin(), side_.written.end(), item.key) != side_.written.end();
            if (!there || flaw_ == Flaw::WritesTwice) side_.written.push_back(item.key);
            answers.push_back({there ? WriteOutcome::Same : WriteOutcome::Written});
        }
        if (flaw_ == Flaw::ForgetsAnswer && !answers.empty()) answers.pop_back();
        return answers;
    }

private:
    static Cursor cursor(std::uint64_t number) { return "1:" + std::to_string(number); }
    std::uint64_t numberOf(const Cursor& from) const {
        if (from.empty()) return 0;
        const bool good = from.substr(0, 2) == "1:" && from.find_first_not_of("0123456789", 2) == std::string::npos &&
                          from.size() > 2 && from.size() < 20;
        if (good || flaw_ == Flaw::CursorLoops || flaw_ == Flaw::TakesRubbishCursor)
            return good ? std::stoull(from.substr(2)) : 0;
        if (flaw_ == Flaw::CrashesOnRubbishCursor) throw std::out_of_range("stoull");
        throw ConnectorFault(
            flaw_ == Flaw::RubbishIsTransient ? ConnectorFaultKind::Transient : ConnectorFaultKind::System,
            {.code = "bad_cursor"});
    }
    Flaw flaw_;
    MemorySide& side_;
    ConnectorSurroundings surroundings_;
    std::uint64_t place_ = 0;
};

class FlawedType final : public ConnectorType {
public:
    FlawedType(Flaw flaw, MemorySide& side) : flaw_(flaw), side_(side) {
        spec_ = {.type = "memory",
                 .version = "1.0.0",
                 .title = "A list in memory",
                 .reads = true,
                 .writes = true,
                 .settings_schema = {}};
        if (flaw == Flaw::NoTitle) spec_.title.clear();
        spec_.settings_schema = R"({"type":"object","additionalProperties":)" +
                                std::string(flaw == Flaw::OpenSchema ? "true" : "false") +
                                R"(,"properties":{"name":{"type":"string","description":"of the list"}}})";
    }
    const ConnectorSpec& spec() const override { return spec_; }
    std::unique_ptr<Connector> open(const std::string& settings, const ConnectorSurroundings& given) const override {
        rapidjson::Document json;
        json.Parse(settings.c_str());
        const bool good = !json.HasParseError() && json.IsObject() && json.MemberCount() == 1 &&
                          json.HasMember("name") && json["name"].IsString();
        if (!good && flaw_ != Flaw::TakesAnySettings)
            throw ConnectorFault(ConnectorFaultKind::Config, {.code = "bad_settings", .next_step = "mend them"});
        return std::make_unique<FlawedConnector>(flaw_, side_, given);
    }

private:
    Flaw flaw_;
    MemorySide& side_;
    ConnectorSpec spec_;
};

}  // namespace caseway::fixture
