// gateway/pipeline/note_job.hpp - a note of the morning report on its way through the one writer.
#pragma once

#include <string>

#include "gateway/pipeline/committer.hpp"

namespace caseway {

/// Waits for the commit. Throws Fault as the store does; StoreUnavailable where too many wait.
void keepReportNote(Committer& committer, const std::string& name, const std::string& body);

}  // namespace caseway
