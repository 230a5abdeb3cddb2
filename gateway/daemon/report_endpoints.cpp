// gateway/daemon/report_endpoints.cpp - query to form.
#include "gateway/daemon/report_endpoints.hpp"

#include "gateway/daemon/endpoint_handler.hpp"
#include "gateway/pipeline/taken_answer.hpp"

namespace caseway {

namespace {

constexpr unsigned kTryAgainAfter = 5;  ///< seconds

Response busy() {
    Answer answer = problemAnswer(
        503, {"report_busy", "report", {}, "one report at a time is made", "wait for the seconds in Retry-After", {}});
    answer.retry_after = kTryAgainAfter;
    return responseOf(std::move(answer));
}

/// Holds `flag` while it lives, where nobody else does.
class Turn {
public:
    explicit Turn(std::atomic<bool>& flag) : flag_(flag), is_mine_(!flag.exchange(true)) {}
    ~Turn() {
        if (is_mine_) flag_ = false;
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    bool isMine() const { return is_mine_; }

private:
    std::atomic<bool>& flag_;
    bool is_mine_;
};

}  // namespace

Response ReportEndpoints::report(const RequestHead& head, const std::string& night) {
    const auto refused = [](const Refusal& why) { return responseOf(problemAnswer(400, why)); };
    std::optional<std::chrono::local_days> date;
    if (night != "latest") {
        const auto parsed = parseNightDate(night);
        if (!parsed) return refused(parsed.error());
        date = *parsed;
    }
    std::string form = "html", language = settings_.report.language;
    const auto parameters = queryParameters(head.query());
    bool good = parameters.has_value();
    for (std::size_t i = 0; good && i < parameters->size(); ++i) {
        const auto& [name, value] = (*parameters)[i];
        (name == "format" ? form : language) = value;
        good = name == "format" || name == "language";
    }
    const auto words = reportLanguageNamed(language);
    if (!good || !words || (form != "html" && form != "json" && form != "csv" && form != "text"))
        return refused({"bad_parameter",
                        "query",
                        {},
                        "format (html, json, csv, text), language (zh, en)",
                        "GET /admin/v1/openapi.json describes them",
                        {}});
    const Turn turn(is_busy_);
    if (!turn.isMine()) return busy();
    const MorningReport made = make_(date);
    if (const auto why = notBegun(made.night, made.zone, made.made_at)) return refused(*why);
    std::string media_type;
    const auto text = reportAs(form, made, *words, &media_type);
    Response response = jsonResponse(*text);
    response.fields = {{"Content-Type", media_type}};
    return response;
}

std::vector<Endpoint> ReportEndpoints::endpoints() {
    return {{kGetAdminReport, [this](Request request, std::string night, Responder responder) {
                 responder.answer(report(request.head, night));
             }}};
}

}  // namespace caseway
