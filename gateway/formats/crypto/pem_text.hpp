// gateway/formats/crypto/pem_text.hpp - what people hand in as binary files, as the text that operations carry.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/fault.hpp"

namespace caseway {

/// The DER of one certificate, request (PKCS #10) or revocation list as PEM. Anything else as it is: whoever reads it
/// says what is wrong.
std::string asPem(std::string bytes);

/// Whether a PEM file breaks off: nothing is in it, or its last block begins and does not end. One that is just copied
/// or renewed is so for a moment.
bool breaksOff(std::string_view pem);

/// What is told of such a file, "PLACE is empty" or "PLACE breaks off": Fault{FileUnavailable}, no mistake yet, since
/// whoever copies it may be at it.
Fault brokenOff(const std::string& place, std::string_view text);

}  // namespace caseway
