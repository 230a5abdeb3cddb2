// connectors/sdk/http_auth.hpp - who we are to the other side, as fields of a request: basic, bearer, a field of its
// own, or OAuth 2.0 client credentials. Sources: RFC 7617, RFC 6750, RFC 6749 §4.4.
#pragma once

#include <chrono>
#include <string>

#include "connectors/sdk/http_settings.hpp"

namespace caseway {

class HttpAuth {
public:
    /// Of the settings' `auth`. Throws ConnectorFault{Config, bad_setting} where what its kind needs is missing.
    explicit HttpAuth(const SettingsTree& auth);
    /// The fields that bear our credentials; fetches a token where one is needed. Throws as HttpClient::exchange does,
    /// and ConnectorFault{Config, access_refused} where no token is given.
    HttpFields fields(HttpClient& client);
    /// The address with our token in its query, where it is sent so.
    WebAddress address(const WebAddress& plain) const;
    bool isInAddress() const { return kind_ == "parameter"; }
    /// The other side did not take them: a token is fetched anew. False: there is nothing that could be.
    bool renew();

private:
    void fetchToken(HttpClient& client);

    std::string kind_, user_, password_, token_, field_, scope_;
    WebAddress token_address_;
    std::chrono::steady_clock::time_point token_ends_{};
};

}  // namespace caseway
