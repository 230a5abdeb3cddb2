// gateway/base/fault.cpp - the one exception class.
#include "gateway/base/fault.hpp"

namespace caseway {

std::string_view nameOf(FaultCode code) {
    switch (code) {
        case FaultCode::StoreUnavailable:
            return "store_unavailable";
        case FaultCode::StoreCommitUnknown:
            return "store_commit_unknown";
        case FaultCode::StoreCorrupt:
            return "store_corrupt";
        case FaultCode::FileUnavailable:
            return "file_unavailable";
        case FaultCode::ConfigurationBad:
            return "configuration_bad";
        case FaultCode::NetworkUnavailable:
            return "network_unavailable";
        case FaultCode::CryptoUnavailable:
            return "crypto_unavailable";
    }
    return "unknown";
}

namespace {

constexpr std::string_view kBetween = ": ";

}  // namespace

Fault::Fault(FaultCode code, const std::string& detail, std::string hint)
    : std::runtime_error(std::string(nameOf(code)).append(kBetween) + detail), code_(code), hint_(std::move(hint)) {}

std::string_view Fault::detail() const {
    return std::string_view(what()).substr(nameOf(code_).size() + kBetween.size());
}

}  // namespace caseway
