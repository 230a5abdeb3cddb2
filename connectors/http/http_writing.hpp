// connectors/http/http_writing.hpp - items on their way to a REST service: one request each, or a JSON array of many.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connectors/sdk/check_run.hpp"
#include "connectors/sdk/http_auth.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/jsonpath/jsonpath.hpp"

namespace caseway {

class HttpWriting {
public:
    /// The member `write` of the schema's `properties`.
    static std::string settingsMembers();
    /// `client` and `auth` outlive it. Throws ConnectorFault{Config, bad_setting}.
    HttpWriting(const SettingsTree& settings, HttpClient& client, HttpAuth& auth);

    void check(CheckRun& run);
    /// Throws where nobody can be answered for: access refused, the other side not reached at the first request.
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>& items);

private:
    bool climbs(const std::string& key) const;
    HttpAnswer send(const std::string& key, std::string body);
    std::string addressTextFor(const std::string& key) const;
    WriteAnswer answerOf(const HttpAnswer& answer) const;
    std::vector<WriteAnswer> writeSome(const OutgoingItem* items, std::size_t count);
    std::vector<WriteAnswer> resultsOf(const HttpAnswer& answer, std::size_t count) const;

    HttpClient& client_;
    HttpAuth& auth_;
    HttpFields fields_;
    std::string url_, method_, key_field_, media_type_;
    std::vector<std::string> same_statuses_, written_, same_;
    std::size_t batch_size_ = 1;
    std::optional<JsonPath> results_, outcome_, reason_;
};

}  // namespace caseway
