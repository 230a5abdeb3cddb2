// gateway/formats/envelope/signature_look.hpp - whether a payload that the gateway reads bears a signature, and in
// which form: a glance while it passes by, which costs nearly nothing, and one exact reading of those that may. Nothing
// is verified here. A name that is written with character references is not seen: whoever writes it so could as well
// leave the signature away. Forms: docs/formats/messages.md, "Pulled payloads".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "gateway/base/byte_source.hpp"
#include "gateway/domain/pulled_signature.hpp"

namespace caseway {

/// The glance. See every piece of one payload, in order.
class SignatureGlance {
public:
    void see(std::string_view piece);
    /// False: it bears none.
    bool maybe() const;

private:
    bool endsName(std::string_view piece, std::size_t mark) const;
    bool maybeJws() const;

    bool saw_namespace_ = false;  ///< of XML-DSig
    std::string start_, tail_;    ///< the tail is longer of what begins like a JSON object
};

/// Reads `source` from its start, in constant memory but for a JSON text's longest string; as far as it must. What is
/// neither well-formed XML nor JSON bears none: the mapping says what is wrong with it. `charset`: as its media type
/// declares it. Throws Fault{FileUnavailable}.
SignatureForm signatureFormOf(ByteSource& source, std::string_view charset, std::size_t depth);

/// A compact JWS without the line feeds that files end with.
std::string_view withoutLineEnds(std::string_view text);

}  // namespace caseway
