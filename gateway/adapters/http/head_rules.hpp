// gateway/adapters/http/head_rules.hpp - what must hold of a parsed head beyond its syntax: target, Host, lengths,
// codings. Source: RFC 9110 §7.2, RFC 9112 §3, §6; a second reader of the same bytes must never see another message.
#pragma once

#include <optional>

#include "gateway/adapters/http/request_parser.hpp"

namespace caseway {

/// The rule that `head` breaks, if it breaks one. Fills in content_length and chunked, takes the absolute form of a
/// target apart, makes one field of the lines of Content-Encoding.
std::optional<FramingRefusal> checkHead(RequestHead& head);

/// Origin form with well-formed percent-encoding, no fragment, none of the characters that RFC 3986 forbids.
bool isGoodTarget(std::string_view target);

/// host [":" port], no user, no list, no white space.
bool isGoodHost(std::string_view host);

}  // namespace caseway
