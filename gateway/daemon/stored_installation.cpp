// gateway/daemon/stored_installation.cpp - an installation opened for reading.
#include "gateway/daemon/stored_installation.hpp"

#include "gateway/adapters/sqlite/sqlite_store.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/daemon/recorder_settings.hpp"
#include "gateway/formats/envelope/recheck.hpp"

namespace caseway {
namespace {

std::unique_ptr<Store> openForReading(const Settings& settings) {
    if (!std::filesystem::exists(databaseFileIn(settings.data.string())))
        throw Fault(FaultCode::ConfigurationBad, "no gateway has run in the data folder " + settings.data.string(),
                    "name the data folder with --data; `caseway init` makes one, `caseway serve` runs in it");
    SqliteOptions options;
    options.folder = settings.data.string();
    options.read_only = true;
    return openSqliteStore(options);
}

Result<CheckedEnvelope> checked(Result<SignedContent> content) {
    if (!content) return std::move(content).error();
    const MessageHeader& header = content->header;
    return CheckedEnvelope{header.message_id,       header.sender,  content->payload_digest,
                           content->content_digest, header.sent_at, header.mapping};
}

}  // namespace

StoredInstallation::StoredInstallation(const Settings& settings)
    : store_(openForReading(settings)),
      payloads_(settings.path("payloads").string()),
      numbers_(settings.case_no_prefix, recorderConfig(settings).gateway_short) {}

Result<CheckedEnvelope> EnvelopeRechecker::check(Binding binding, const StoredEnvelope& envelope,
                                                 std::string_view certificate_der) {
    return checked(envelope.head_only ? recheckHead(envelope.head, certificate_der)
                                      : recheck(binding, envelope.head, certificate_der, envelope.body));
}

bool EnvelopeRechecker::isSigned(Binding binding, const StoredEnvelope& envelope, std::string_view certificate_der) {
    return isSignedWith(binding, envelope.head, certificate_der);
}

Result<CheckedEnvelope> EnvelopeRechecker::checkPulled(const StoredEnvelope& envelope, std::string_view der) {
    return checked(recheckPulled(envelope.head, envelope.body, der));
}

}  // namespace caseway
