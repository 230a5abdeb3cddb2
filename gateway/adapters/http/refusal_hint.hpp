// gateway/adapters/http/refusal_hint.hpp - what a client does about a request that the server itself refused.
#pragma once

#include <string>

#include "gateway/adapters/http/http_config.hpp"
#include "gateway/adapters/http/http_counters.hpp"

namespace caseway {

/// The `hint` of the answer: one sentence, the limit in numbers where one was met. Empty where nobody is answered.
std::string hintFor(HttpRefusal reason, const HttpLimits& limits);

}  // namespace caseway
