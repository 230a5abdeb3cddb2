// gateway/daemon/connector_test_change.cpp - see the header.
#include "gateway/daemon/connector_test_change.hpp"

#include "gateway/daemon/connector_judge.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {

Result<ChangeReport> testConnector(Registrar& registrar, const ConnectorTrial& trial, const Operation& operation,
                                   const Person& by, bool dry) {
    auto request = TrialRequest::read(operation);
    if (!request) return request.error();
    request->unmask = request->unmask && !dry;  // what no leaf tells nobody sees
    if (request->unmask) {
        const auto may = registrar.noteUnmaskedTest(request->connector, request->reason, by, true);
        if (!may) return may.error();
    }
    const FileTree tree = registrar.tree();
    const auto tried = trial.run(tree, registrar.connectorWorld(tree), *request);
    if (!tried) return tried.error();
    if (request->unmask) {  // first into the log, then to the eyes
        const auto noted = registrar.noteUnmaskedTest(request->connector, request->reason, by, false);
        if (!noted) return noted.error();
    }
    std::string report;
    if (tried->good && !dry) {
        auto change = registrar.change(operation, by, false, SeenToWork{tried->digest, tried->refused});
        if (!change) return change.error();
        report = std::move(*change);
    } else {
        report = "{\"event\":\"connector_tested\",\"subject\":";
        appendJsonString(request->connector, report);
        report += ",\"changed\":false,\"files\":[],\"warnings\":[],\"made\":{},\"diff\":\"\"}";
    }
    report.pop_back();
    return report + ",\"test\":" + tried->json + "}";
}

std::string shownDraft(const ConnectorTypes& types, const std::string& yaml) {
    return mayBearSecret(types, yaml) ? "(not shown: it has mistakes, and a secret may stand in it)\n" : yaml;
}

}  // namespace caseway
