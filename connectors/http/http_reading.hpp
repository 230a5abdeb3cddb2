// connectors/http/http_reading.hpp - pages of a REST service: the request for one, and what its answer says.
#pragma once

#include <string>

#include "connectors/sdk/answer_reader.hpp"
#include "connectors/sdk/check_run.hpp"
#include "connectors/sdk/http_auth.hpp"
#include "connectors/sdk/page_walk.hpp"

namespace caseway {

class HttpReading {
public:
    /// Members of the schema's `properties`: `url`, `parameters`, `send_as`.
    static std::string settingsMembers();
    /// `client` and `auth` outlive it. Throws ConnectorFault{Config, bad_setting}.
    HttpReading(const SettingsTree& settings, HttpClient& client, HttpAuth& auth);

    void check(CheckRun& run);
    SourceObject discover();
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink);

private:
    PageEnd readPage(PageWalk& walk, PageSink& sink);
    void lookBack(PageWalk& walk, const AnswerFacts& behind);
    std::optional<AnswerHead> signedHead(const HttpAnswer& answer) const;
    void give(const HttpAnswer& answer, const PageQuestion& question, std::uint64_t records, PageSink& sink) const;
    WebRequest requestFor(const PageQuestion& question) const;
    HttpAnswer ask(const PageQuestion& question);
    AnswerFacts factsOf(const HttpAnswer& answer, bool is_first = true);

    HttpClient& client_;
    HttpAuth& auth_;
    WebAddress address_;
    HttpFields fields_;
    std::vector<std::pair<std::string, std::string>> parameters_;
    std::string send_as_, position_parameter_, size_parameter_, since_parameter_;
    PageRules rules_;
    AnswerReader reader_;
    bool takes_compressed_ = true;  ///< until an answer was signed: what is signed is what comes over the wire
    Cursor given_;                  ///< by this connector, last: another one was given by another run
};

}  // namespace caseway
