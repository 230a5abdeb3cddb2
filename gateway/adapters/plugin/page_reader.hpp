// gateway/adapters/plugin/page_reader.hpp - a page out of the parts in which it comes. For this folder only.
#pragma once

#include "gateway/adapters/plugin/session.hpp"

namespace caseway {

/// Hands the payloads to `sink` as they come. Throws ConnectorFault, and what the sink throws.
PageEnd readPage(PluginSession& session, const PluginManifest& manifest, const Cursor& from, const PageLimits& limits,
                 PageSink& sink);

}  // namespace caseway
