// gateway/daemon/message_ways.hpp - messages as lines of the operating log.
#pragma once

#include "gateway/pipeline/message_job.hpp"
#include "gateway/pipeline/unauthenticated.hpp"

namespace caseway {

/// What became of a message.
void tellOutcome(const MessageNews& news);
/// So that the center can help a department whose certificate ended: who it says it is, which nobody verified.
void tellUnauthenticated(const UnauthenticatedNews& news);

}  // namespace caseway
