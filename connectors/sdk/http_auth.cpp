// connectors/sdk/http_auth.cpp - credentials as fields.
#include "connectors/sdk/http_auth.hpp"

#include <charconv>

#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/http_faults.hpp"
#include "gateway/base/base64.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/formats/json/document.hpp"

namespace caseway {
namespace {

std::string basic(const std::string& user, const std::string& password) {
    return "Basic " + toBase64(bytesOf(user + ":" + password));
}

}  // namespace

HttpAuth::HttpAuth(const SettingsTree& auth) : kind_(auth.text("kind")) {
    const auto need = [&](const char* name) {
        const std::string value = auth.text(name);
        if (value.empty())
            auth.refuse(name, "it is missing for auth of kind " + kind_, "give it, or choose another kind");
        if (!isFieldValue(value)) auth.refuse(name, "it has line breaks or is too long", "give it without them");
        return value;
    };
    if (kind_ == "basic") {
        user_ = need("user");
        if (user_.find(':') != std::string::npos)
            auth.refuse("user", "a colon cannot stand in it", "ask for another user");
        password_ = need("password");
    } else if (kind_ == "bearer" || kind_ == "field") {
        token_ = need("token");
        field_ = kind_ == "bearer" ? "Authorization" : need("field");
        if (!isSettableField(field_)) auth.refuse("field", "this field cannot be set", "give the name that was agreed");
    } else if (kind_ == "parameter") {
        token_ = need("token");
        field_ = need("field");
    } else if (kind_ == "oauth2") {
        user_ = need("client_id");
        password_ = need("client_secret");
        scope_ = auth.text("scope");
        token_address_ = readAddress(auth, "token_url");
    }
}

HttpFields HttpAuth::fields(HttpClient& client) {
    if (kind_ == "basic") return {{"Authorization", basic(user_, password_)}};
    if (kind_ == "bearer") return {{field_, "Bearer " + token_}};
    if (kind_ == "field") return {{field_, token_}};
    if (kind_ != "oauth2") return {};
    if (token_.empty() || std::chrono::steady_clock::now() >= token_ends_) fetchToken(client);
    return {{"Authorization", "Bearer " + token_}};
}

WebAddress HttpAuth::address(const WebAddress& plain) const {
    return kind_ == "parameter" ? withParameters(plain, {{field_, token_}}) : plain;
}

bool HttpAuth::renew() {
    if (kind_ != "oauth2" || token_.empty()) return false;
    token_.clear();
    return true;
}

void HttpAuth::fetchToken(HttpClient& client) {
    WebRequest request{.method = "POST", .address = token_address_};
    request.fields = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
    request.credentials = {{"Authorization", basic(percentEncoded(user_), percentEncoded(password_))}};
    request.body = "grant_type=client_credentials" + (scope_.empty() ? "" : "&scope=" + percentEncoded(scope_));
    const HttpAnswer answer = client.exchange(request);
    const std::string where = token_address_.shown();
    if (answer.status == 400 || answer.status == 401)
        throw configFault("access_refused", where, "no token was given",
                          "check `auth.client_id` and `auth.client_secret`");
    if (answer.status != 200) throw faultOfStatus(answer);
    JsonTree tree;
    const auto parsed = parseJson(answer.body, {}, tree);
    const JsonValue* token = parsed.ok() ? (*parsed)->find("access_token") : nullptr;
    const std::string text = token != nullptr ? std::string(token->text) : std::string();
    if (text.empty() || token->type != JsonValue::Type::String || !isFieldValue(text))
        throw transientFault("answer_malformed", where, "an answer without access_token", "check `auth.token_url`");
    int lives = 300;
    if (const JsonValue* seconds = (*parsed)->find("expires_in"); seconds != nullptr)
        std::from_chars(seconds->text.data(), seconds->text.data() + seconds->text.size(), lives);
    token_ = text;
    token_ends_ = std::chrono::steady_clock::now() + std::chrono::seconds(std::clamp(lives - 30, 1, 86'400));
}

}  // namespace caseway
