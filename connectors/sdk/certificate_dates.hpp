// connectors/sdk/certificate_dates.hpp - which certificate of the other side is out of date, and since when: libcurl
// says only that one is.
#pragma once

#include <curl/curl.h>

#include <string>

namespace caseway {

class CertificateDates {
public:
    CertificateDates() = default;
    CertificateDates(const CertificateDates&) = delete;
    CertificateDates& operator=(const CertificateDates&) = delete;

    /// Looks on while this handle checks certificates; nothing is trusted for it that was not before. Outlives the
    /// handle; one exchange after the other.
    void watch(CURL* curl);
    /// `the server's certificate was valid until 2026-05-04T00:00:00Z`; empty where no date was the reason.
    const std::string& found() const { return found_; }

private:
    struct Callbacks;
    std::string found_;
};

}  // namespace caseway
