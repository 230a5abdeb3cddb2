// gateway/formats/crypto/foreign_form.hpp - what a file is that was given for a key or a certificate and is none: other
// tools keep them in many forms. Tells only; decides nothing.
#pragma once

#include <string>
#include <string_view>

#include "gateway/base/refusal.hpp"

namespace caseway {

/// `what` goes on a sentence ("is a PKCS #12 store"), `hint` is the command that makes PEM of it. Both empty where the
/// bytes are of no form that is known here.
struct ForeignForm {
    std::string what, hint;
};

/// The same refusal, which says the form and its next step instead of its own, where one is known.
Refusal withForm(Refusal refusal, ForeignForm form);
/// Of bytes that were given for a private key in clear PEM.
ForeignForm formInsteadOfKey(std::string_view bytes);
/// Of bytes that were given for a certificate, a request or a list.
ForeignForm formInsteadOfCertificate(std::string_view bytes);

}  // namespace caseway
