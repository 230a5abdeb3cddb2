// gateway/register/register_view.cpp - the register as JSON.
#include "gateway/register/register_view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/formats/crypto/certificate_facts.hpp"
#include "gateway/formats/crypto/revocation_list.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/register/read_register.hpp"

namespace caseway {
namespace {

/// Members of one object, in the order of their calls; empty texts are left out.
class ObjectText {
public:
    ObjectText& text(std::string_view name, std::string_view value) {
        if (value.empty()) return *this;
        member(name);
        appendJsonString(value, out_);
        return *this;
    }
    ObjectText& list(std::string_view name, const std::vector<std::string>& values) {
        member(name);
        out_ += '[';
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (i != 0) out_ += ',';
            appendJsonString(values[i], out_);
        }
        out_ += ']';
        return *this;
    }
    ObjectText& raw(std::string_view name, std::string_view json) {
        member(name);
        out_ += json;
        return *this;
    }
    std::string take() { return std::move(out_) + "}"; }

private:
    void member(std::string_view name) {
        if (out_.size() > 1) out_ += ',';
        appendJsonString(name, out_);
        out_ += ':';
    }
    std::string out_ = "{";
};

std::string arrayOf(const std::vector<std::string>& items) {
    return fmt::format("[{}]", fmt::join(items, ","));
}

std::int64_t daysLeft(Instant at, Instant now) {
    return std::chrono::floor<std::chrono::days>(at - now).count();
}

std::string_view stateOf(const CertificateFacts& facts, bool revoked, Instant now) {
    if (revoked) return "revoked";
    if (now > facts.not_after) return "expired";
    return now < facts.not_before ? "later" : "good";
}

std::string_view stateOf(const IssuerStanding& issuer, Instant now) {
    if (issuer.revoked_at) return "revoked";
    return now > issuer.until ? "expired" : "good";
}

std::string certificateJson(const RegisteredCertificate& certificate, Instant now) {
    const auto facts = factsOfDer(certificate.der);
    ObjectText object;
    object.text("key_id", certificate.id.text()).text("system", certificate.owner.text());
    if (!facts) return object.take();
    object.text("state", stateOf(*facts, certificate.revoked_at.has_value(), now))
        .text("subject", facts->subject)
        .text("issuer", facts->issuer)
        .text("serial", facts->serial)
        .text("key", facts->key)
        .text("not_before", toRfc3339(facts->not_before))
        .text("not_after", toRfc3339(facts->not_after))
        .raw("days_left", std::to_string(daysLeft(facts->not_after, now)));
    if (certificate.revoked_at) object.text("revoked_at", toRfc3339(*certificate.revoked_at));
    if (certificate.issuer)
        object.text("authority", certificate.issuer->authority)
            .text("authority_state", stateOf(*certificate.issuer, now))
            .text("authority_not_after", toRfc3339(certificate.issuer->until));
    return object.text("file", certificate.file).take();
}

}  // namespace

std::map<std::string, RegisteredDepartment> departmentsIn(const RegisterContent& content) {
    std::map<std::string, RegisteredDepartment> all = content.departments;
    for (const auto& [id, entry] : content.systems)
        all.try_emplace(std::string(id.department()),
                        RegisteredDepartment{std::string(id.department()), entry.system.department_code,
                                             entry.system.department_name, false});
    return all;
}

std::string departmentsJson(const RegisterContent& content) {
    std::vector<std::string> items;
    for (const auto& [name, department] : departmentsIn(content)) {
        std::vector<std::string> systems;
        for (const auto& [id, entry] : content.systems)
            if (id.department() == name) systems.push_back(id.text());
        items.push_back(ObjectText()
                            .text("department", name)
                            .text("state", department.suspended ? "suspended" : "active")
                            .text("code", department.code)
                            .text("name", department.title)
                            .list("systems", systems)
                            .take());
    }
    return arrayOf(items);
}

std::string systemJson(const RegisterContent& content, const RegisteredEntry& entry, Instant now) {
    const RegisteredSystem& system = entry.system;
    return ObjectText()
        .text("system", system.id.text())
        .text("state", system.suspended ? "suspended" : "active")
        .text("department_state", system.department_suspended ? "suspended" : "")
        .text("department_code", system.department_code)
        .text("department_name", system.department_name)
        .list("mappings", system.mappings)
        .list("on_behalf_of", system.on_behalf_of)
        .list("may_read", system.may_read)
        .raw("auditor", system.auditor ? "true" : "false")
        .raw("certificates", certificatesJson(content, system.id.text(), now))
        .take();
}

std::string systemsJson(const RegisterContent& content, Instant now) {
    std::vector<std::string> items;
    for (const auto& [id, entry] : content.systems) items.push_back(systemJson(content, entry, now));
    return arrayOf(items);
}

std::string certificatesJson(const RegisterContent& content, std::string_view system, Instant now) {
    std::vector<std::string> items;
    for (const auto& [id, entry] : content.systems)
        if (system.empty() || id.text() == system)
            for (const RegisteredCertificate& certificate : entry.certificates)
                items.push_back(certificateJson(certificate, now));
    return arrayOf(items);
}

std::string authoritiesJson(const RegisterContent& content, Instant now) {
    std::vector<std::string> items;
    for (const auto& [name, authority] : content.authorities) {
        ObjectText object;
        object.text("authority", name);
        if (const auto facts = factsOfDer(authority.der))
            object.text("state", stateOf(*facts, authority.revoked_at.has_value(), now))
                .text("subject", facts->subject)
                .text("key", facts->key)
                .text("fingerprint", facts->id.text())
                .text("not_after", toRfc3339(facts->not_after))
                .raw("days_left", std::to_string(daysLeft(facts->not_after, now)));
        items.push_back(object.raw("has_list", authority.list_pem.empty() ? "false" : "true").take());
    }
    return arrayOf(items);
}

/// With how many certificates of active systems rest on it.
static Expiry ofAuthority(const RegisterContent& content, const RegisteredAuthority& authority,
                          const CertificateFacts& facts) {
    Expiry expiry{"authority " + authority.name, facts.id.text(), facts.not_after};
    expiry.revoked_at = authority.revoked_at;
    for (const auto& [id, entry] : content.systems)
        for (const RegisteredCertificate& one : entry.certificates)
            if (suspensionOf(entry.system).empty() && !one.revoked_at && one.issuer &&
                one.issuer->authority == authority.name)
                ++expiry.certificates;
    return expiry;
}

std::vector<Expiry> expiriesOf(const RegisterContent& content) {
    std::vector<Expiry> all;
    for (const auto& [id, entry] : content.systems) {
        if (!suspensionOf(entry.system).empty()) continue;
        std::optional<Expiry> last;
        for (const RegisteredCertificate& certificate : entry.certificates) {
            const auto facts = factsOfDer(certificate.der);
            if (!facts || certificate.revoked_at || (certificate.issuer && certificate.issuer->revoked_at)) continue;
            if (!last || facts->not_after > last->at) last = Expiry{id.text(), facts->id.text(), facts->not_after};
        }
        if (last) all.push_back(std::move(*last));
    }
    for (const auto& [name, authority] : content.authorities)
        if (const auto facts = factsOfDer(authority.der)) all.push_back(ofAuthority(content, authority, *facts));
    for (const auto& [name, authority] : content.authorities) {
        if (authority.list_pem.empty()) continue;
        const auto list = RevocationList::fromPem(authority.list_pem, authority.der);
        const auto facts = factsOfDer(authority.der);
        if (list && facts && list->next_update)
            all.push_back(
                {"revocation list " + name, facts->id.text(), *list->next_update, name == kOwnAuthority ? 7 : 0});
    }
    return all;
}

std::optional<int> warningDays(const Expiry& expiry, Instant now) {
    const auto days = warningDays(expiry.at, now);
    return days && *days <= expiry.warn_days ? days : std::nullopt;
}

std::optional<int> warningDays(Instant at, Instant now) {
    if (at <= now) return 0;
    for (const int days : {1, 7, 30})
        if (at - now <= std::chrono::days(days)) return days;
    return std::nullopt;
}

}  // namespace caseway
