// gateway/cli/certificate_file.cpp - a certificate, request or list that the command line names, as the text that
// operations carry. Apart from other files: the quick commands take nothing of OpenSSL along.
#include "gateway/base/fault.hpp"
#include "gateway/cli/command.hpp"
#include "gateway/formats/crypto/foreign_form.hpp"
#include "gateway/formats/crypto/pem_text.hpp"
#include "gateway/formats/text/encoding.hpp"

namespace caseway {

std::string readCertificateFile(const std::filesystem::path& file) {
    std::string pem = asPem(readFile(file, kCertificateFileBytesMax));
    if (pem.find_first_not_of(" \t\r\n") == std::string::npos)  // a member that is empty would count as not given
        throw Fault(FaultCode::ConfigurationBad, file.string() + " is empty",
                    "give it as PEM or DER, such as openssl x509 -in FILE -out NEW.pem writes it");
    if (isUtf8(pem)) return pem;  // whoever reads it says more, the commands' own code with it
    const ForeignForm form = formInsteadOfCertificate(pem);
    throw Fault(
        FaultCode::ConfigurationBad,
        file.string() + " " + (form.what.empty() ? "is no certificate, request or revocation list" : form.what),
        form.hint.empty() ? "give it as PEM or DER, such as openssl x509 -in FILE -out NEW.pem writes it" : form.hint);
}

}  // namespace caseway
