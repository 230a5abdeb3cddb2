// connectors/http/test/rest_service.hpp - a department's REST service, the settings that lead to it, its records.
#pragma once

#include "connectors/http/http_type.hpp"
#include "connectors/sdk/contract_suite.hpp"
#include "connectors/sdk/test/fault_server.hpp"
#include "connectors/sdk/test/read_pages.hpp"

namespace caseway::fixture {

inline std::string settingsFor(const FaultServer& server, const std::string& more, const std::string& path = "/cases") {
    return R"({"url":")" + server.url(path) + R"(",)" + more + "}";
}
inline const std::string kRecords = R"("records":"$.data.items[*]")";
inline const std::string kByPage = R"(,"paging":{"style":"page","size":3})";
inline const std::string kByOffset = R"(,"paging":{"style":"offset","parameter":"offset","size":3})";
inline const std::string kTotal = R"(,"total":"$.data.total")";

inline std::unique_ptr<Connector> open(const std::string& settings, const ConnectorSurroundings& surroundings = {}) {
    return makeHttpType()->open(settings, surroundings);
}

/// PEM as a JSON text.
inline std::string quoted(std::string pem) {
    for (std::size_t at = pem.find('\n'); at != std::string::npos; at = pem.find('\n', at)) pem.replace(at, 1, "\\n");
    return '"' + pem + '"';
}

class Rest final : public OtherSide {
public:
    explicit Rest(const FaultServer& server) : server_(server) {}
    void fill(std::size_t records) override {
        records_.clear();
        for (std::size_t i = 0; i < records; ++i) append();
        give();
    }
    void add() override {
        append();
        give();
    }
    bool change() override {
        records_.front() = record();
        give();
        return true;
    }
    bool removeUnread() override {
        records_.pop_back();
        give();
        return true;
    }
    std::string state() override { return server_.state(); }

private:
    std::string record() {
        ++made_;
        const std::string number = std::to_string(1'000'000 + made_).substr(1);
        return R"({"no":"C)" + number + R"(","name":"\u8bb8\u53ef","time":"2026-01-01 00:)" + number.substr(2, 2) +
               ":" + number.substr(4, 2) + R"("})";
    }
    void append() {
        if (made_ % 100 == 59) made_ += 40;  // the next minute
        records_.push_back(record());
    }
    void give() {
        std::string json;
        for (const std::string& one : records_) json += (json.empty() ? "" : ",") + one;
        server_.control(R"({"records":[)" + json + "]}");
    }
    const FaultServer& server_;
    std::vector<std::string> records_;
    std::size_t made_ = 0;
};

}  // namespace caseway::fixture
