// gateway/daemon/report_ways.hpp - the ways that the configuration opens for the morning report: a mail to its
// recipients, a signed POST to a webhook.
#pragma once

#include <vector>

#include "gateway/daemon/report_sender.hpp"
#include "gateway/daemon/settings.hpp"
#include "gateway/ports/signer.hpp"

namespace caseway {

/// `origin`: of the log, whose key signs the webhook. Settings are read at each attempt, secrets and certificates with
/// them; `settings`, `signer` and `clock` live as long as the ways. None where nothing is configured.
std::vector<ReportSender::Way> reportWays(const Settings& settings, Signer& signer, const std::string& origin,
                                          const Clock& clock);

}  // namespace caseway
