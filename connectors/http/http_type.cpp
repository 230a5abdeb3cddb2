// connectors/http/http_type.cpp - the spec of `http` and its connectors: reading by HttpReading, writing by
// HttpWriting.
#include "connectors/http/http_type.hpp"

#include "connectors/http/http_reading.hpp"
#include "connectors/http/http_writing.hpp"
#include "connectors/sdk/check_run.hpp"
#include "connectors/sdk/faults.hpp"

namespace caseway {
namespace {

std::string schema() {
    return R"({"type":"object","additionalProperties":false,"properties":{)" + HttpReading::settingsMembers() + "," +
           AnswerReader::settingsMembers("json") + "," + PageRules::settingsMembers(true) + "," +
           HttpWriting::settingsMembers() + "," + kHttpSettingsMembers + "}}";
}

class HttpConnector final : public Connector {
public:
    HttpConnector(const SettingsTree& settings, const ConnectorSurroundings& surroundings)
        : client_(readDialing(settings), surroundings), auth_(settings.in("auth")) {
        if (settings.has("url")) reading_.emplace(settings, client_, auth_);
        if (settings.has("write")) writing_.emplace(settings, client_, auth_);
        if (!reading_ && !writing_) {
            throw configFault("bad_setting", "/url", "neither something to read nor something to write",
                              "give `url` to read, `write` to write, or both");
        }
    }

    std::vector<CheckStep> check() override {
        client_.beginCall();
        CheckRun run;
        if (reading_) reading_->check(run);
        if (writing_) writing_->check(run);
        return std::move(run).steps();
    }
    std::vector<SourceObject> discover() override {
        client_.beginCall();
        return {reading().discover()};
    }
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override {
        client_.beginCall();
        return reading().read(from, limits, sink);
    }
    /// The other side has nothing to mark: where reading stands is in the cursor alone.
    void acknowledge(const Cursor&) override {}
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>& items) override {
        client_.beginCall();
        if (!writing_) throw notDone("these settings do not write", "give `write`");
        return writing_->write(items);
    }

private:
    HttpReading& reading() {
        if (!reading_) throw notDone("these settings do not read", "give `url` and `records`");
        return *reading_;
    }

    HttpClient client_;
    HttpAuth auth_;
    std::optional<HttpReading> reading_;
    std::optional<HttpWriting> writing_;
};

class HttpType final : public ConnectorType {
public:
    const ConnectorSpec& spec() const override { return spec_; }
    std::unique_ptr<Connector> open(const std::string& settings,
                                    const ConnectorSurroundings& surroundings) const override {
        return std::make_unique<HttpConnector>(SettingsTree::read(settings, spec_.settings_schema), surroundings);
    }

private:
    const ConnectorSpec spec_{"http", "1.0.0", "REST service: pages of JSON or XML are fetched, items are sent",
                              true,   true,    schema()};
};

}  // namespace

std::unique_ptr<ConnectorType> makeHttpType() {
    return std::make_unique<HttpType>();
}

}  // namespace caseway
