// gateway/daemon/admin_endpoints.hpp - /admin/v1 on a Unix socket that only the gateway's owner can open: reads the
// register, changes it. Described in docs/formats/admin-openapi.json.
#pragma once

#include <vector>

#include "gateway/daemon/connector_trial.hpp"
#include "gateway/daemon/registrar.hpp"
#include "gateway/daemon/router.hpp"
#include "gateway/daemon/trial_room.hpp"
#include "gateway/domain/register.hpp"

namespace caseway {

class AdminEndpoints {
public:
    struct Parts {
        Registrar& registrar;
        const Clock& clock;
        const Settings& settings;
        const ConnectorTypes& types;
        StoreReader& reader;
        BodyOpener open_body;
    };
    explicit AdminEndpoints(Parts parts)
        : registrar_(parts.registrar),
          clock_(parts.clock),
          settings_(parts.settings),
          types_(parts.types),
          reader_(parts.reader),
          trial_({parts.settings, types_, [this] { return room_.stopping(); }, parts.reader,
                  std::move(parts.open_body)}) {}
    std::vector<Endpoint> endpoints();
    /// Ends the tests that run, and takes no more.
    void stop() { room_.stop(); }

private:
    using View = std::string (*)(const RegisterContent& content, Instant now);
    Endpoint view(const EndpointAddress& address, View shown);
    Response oneSystem(const std::string& id) const;
    Response connectors(const std::string& name) const;
    Response types() const;
    Response mappings(const std::string& name) const;
    Response secrets() const;
    bool knowsMessage(const std::string& leaf) const;
    void change(const Request& request, const Responder& responder);
    void test(const Operation& operation, const Person& by, bool dry, const Responder& responder);

    Registrar& registrar_;
    const Clock& clock_;
    const Settings& settings_;
    const ConnectorTypes& types_;
    StoreReader& reader_;
    ConnectorTrial trial_;
    TrialRoom room_;  // last: what runs in it uses the others
};

}  // namespace caseway
