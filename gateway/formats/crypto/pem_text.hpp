// gateway/formats/crypto/pem_text.hpp - what people hand in as binary files, as the text that operations carry.
#pragma once

#include <string>

namespace caseway {

/// The DER of one certificate, request (PKCS #10) or revocation list as PEM. Anything else as it is: whoever reads it
/// says what is wrong.
std::string asPem(std::string bytes);

}  // namespace caseway
