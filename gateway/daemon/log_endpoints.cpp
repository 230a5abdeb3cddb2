// gateway/daemon/log_endpoints.cpp - checkpoint, tiles, entry bundles.
#include "gateway/daemon/log_endpoints.hpp"

#include "gateway/daemon/endpoint_handler.hpp"
#include "gateway/formats/merkle/tiles.hpp"

namespace caseway {
namespace {

Response plain(std::string_view type, std::string body) {
    Response response;
    response.fields.push_back({"Content-Type", std::string(type)});
    response.body = std::move(body);
    return response;
}

}  // namespace

std::vector<Endpoint> LogEndpoints::endpoints() {
    return {{kGetCheckpoint, [this](Request, std::string, Responder responder) { responder.answer(checkpoint()); }},
            {kGetTile, [this](Request request, std::string path, Responder responder) {
                 responder.answer(tile(request.head, path));
             }}};
}

/// Released after its commit, never before: read from the store.
Response LogEndpoints::checkpoint() const {
    const auto head = reader_.lastCheckpoint();
    if (!head) return problem(404, "not_found", "the log is empty", "send the first message");
    return plain("text/plain; charset=utf-8", head->note);
}

Response LogEndpoints::tile(const RequestHead& head, const std::string& text) const {
    const auto path = parseTilePath(text);
    const auto last = reader_.lastCheckpoint();
    if (!path || !last)
        return problem(404, "not_found", "no such tile", "paths: C2SP tlog-tiles, 0/x001/234 or 0/000.p/17");
    if (!path->level) return entries(head, path->n, path->width, last->tree_size);
    std::string hashes = log_.tile(*path->level, path->n, last->tree_size);
    const std::size_t wanted = std::size_t{path->width} * 32;
    if (hashes.size() < wanted)
        return problem(404, "not_found", "the log has no such tile yet", "read the checkpoint for its size");
    hashes.resize(wanted);
    return plain("application/octet-stream", std::move(hashes));
}

Response LogEndpoints::entries(const RequestHead& head, std::uint64_t n, std::uint32_t width,
                               std::uint64_t tree_size) const {
    const auto who = identifyReader(head, verifier_);
    if (!who) return responseOf(problemAnswer(who.error().http_status, who.error().refusal));
    if (!who->auditor)
        return problem(403, "not_auditor", "entry bundles need the auditor's right",
                       "ask the center for `auditor: true`");
    std::string bundle;
    for (std::uint64_t index = n * 256; index < n * 256 + width; ++index) {
        const auto leaf = index < tree_size ? reader_.leaf(index) : std::nullopt;
        if (!leaf || !appendBundleEntry(*leaf, bundle))
            return problem(404, "not_found", "no such bundle yet", "read the checkpoint for its size");
    }
    return plain("application/octet-stream", std::move(bundle));
}

}  // namespace caseway
