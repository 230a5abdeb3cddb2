// tests/unit/crypto/chain_usage_test.cpp - what certificates say that they are for, and how many authorities may stand
// below another: RFC 5280 §4.2.1.9 and §4.2.1.12.
#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/chain_check.hpp"
#include "gateway/formats/crypto/x509_parts.hpp"

using namespace caseway;

namespace {

const Instant kNow = *parseRfc3339("2026-05-04T08:30:00Z");
using Extensions = std::vector<std::pair<int, const char*>>;

struct Holder {
    explicit Holder(const char* of) : name(of), key(PrivateKey::generate(KeyKind::EcP256)) {}
    std::string name;
    PrivateKey key;
};

/// The certificate of `subject`, signed by `issuer`, as openssl writes one with these extensions.
std::string certificateOf(const Holder& subject, const Holder& issuer, const Extensions& extensions,
                          const char* called = nullptr) {
    const OpensslPtr<X509> made(X509_new());
    X509_set_version(made.get(), X509_VERSION_3);
    setRandomSerial(X509_get_serialNumber(made.get()));
    setTime(X509_getm_notBefore(made.get()), kNow - std::chrono::hours(24));
    setTime(X509_getm_notAfter(made.get()), kNow + std::chrono::hours(2400));
    appendNamePart(X509_get_subject_name(made.get()), "CN", called != nullptr ? called : subject.name);
    appendNamePart(X509_get_issuer_name(made.get()), "CN", issuer.name);
    X509_set_pubkey(made.get(), handleOf(subject.key));
    for (const auto& [id, text] : extensions) {
        const OpensslPtr<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, nullptr, id, text));
        BOOST_REQUIRE(extension);
        X509_add_ext(made.get(), extension.get(), -1);
    }
    signX509(made.get(), issuer.key);
    unsigned char* bytes = nullptr;
    const int size = i2d_X509(made.get(), &bytes);
    std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

Extensions authority(const char* constraints) {
    return {{NID_basic_constraints, constraints}, {NID_key_usage, "critical,keyCertSign,cRLSign"}};
}

/// "good", "warned", or the code of what is bad.
std::string verdict(const std::string& der, std::vector<std::string> authorities,
                    std::vector<std::string> between = {}) {
    const auto report = checkChain({der, std::move(between), std::move(authorities), {}, kNow});
    BOOST_REQUIRE(report.ok());
    std::string said = "good";
    for (const ChainFinding& finding : report->findings) {
        BOOST_TEST(!finding.hint.empty());
        if (finding.is_bad) return finding.code;
        said = "warned";
    }
    return said;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ChainUsage)

BOOST_AUTO_TEST_CASE(is_no_other_than_a_critical_purpose_names) {
    const Holder root("root"), leaf("leaf");
    const std::string anchor = certificateOf(root, root, authority("critical,CA:TRUE"));
    const struct {
        const char* purposes;
        const char* verdict;
    } kCases[] = {
        {"critical,codeSigning", "usage_wrong"},
        {"critical,serverAuth", "usage_wrong"},
        {"critical,serverAuth,1.2.3.4", "usage_wrong"},
        {"critical,timeStamping", "usage_wrong"},
        {"critical,serverAuth,clientAuth", "good"},
        {"critical,emailProtection", "good"},
        {"critical,anyExtendedKeyUsage", "good"},
        {"critical,1.3.6.1.5.5.7.3.36", "good"},  // documentSigning, RFC 9336
        {"clientAuth", "good"},
        {"serverAuth", "warned"},
    };
    for (const auto& one : kCases)
        BOOST_TEST(verdict(certificateOf(leaf, root, {{NID_ext_key_usage, one.purposes}}), {anchor}) == one.verdict,
                   one.purposes);
}

BOOST_AUTO_TEST_CASE(counts_authorities_below_one_with_a_path_length) {
    const Holder root("root"), sub("sub"), lower("lower"), leaf("leaf");
    const std::string none = certificateOf(root, root, authority("critical,CA:TRUE,pathlen:0")),
                      one = certificateOf(root, root, authority("critical,CA:TRUE,pathlen:1")),
                      middle = certificateOf(sub, root, authority("critical,CA:TRUE")),
                      low = certificateOf(lower, sub, authority("critical,CA:TRUE")),
                      direct = certificateOf(leaf, root, {}), below = certificateOf(leaf, sub, {}),
                      far = certificateOf(leaf, lower, {});
    BOOST_TEST(verdict(direct, {none}) == "good");
    BOOST_TEST(verdict(below, {none}, {middle}) == "usage_wrong");
    BOOST_TEST(verdict(below, {one}, {middle}) == "good");
    BOOST_TEST(verdict(far, {one}, {middle, low}) == "usage_wrong");
    // Also where the chain could end before: the one above is known, and says so.
    BOOST_TEST(verdict(below, {none, middle}) == "usage_wrong");
    BOOST_TEST(verdict(far, {one, low}, {middle}) == "usage_wrong");
    BOOST_TEST(verdict(below, {middle}) == "good");
    // The last certificate is not counted, though it calls itself an authority.
    BOOST_TEST(verdict(certificateOf(leaf, root, {{NID_basic_constraints, "critical,CA:TRUE"}}), {none}) == "good");
}

BOOST_AUTO_TEST_CASE(counts_no_authority_that_certified_its_own_new_key) {
    const Holder root("root"), renewed("root"), leaf("leaf");
    const std::string none = certificateOf(root, root, authority("critical,CA:TRUE,pathlen:0")),
                      rollover = certificateOf(renewed, root, authority("critical,CA:TRUE,pathlen:0"));
    // Without key ids OpenSSL takes the root for the issuer, by its name; that is not our judgement.
    BOOST_TEST(verdict(certificateOf(leaf, renewed, {}), {none}, {rollover}) != "usage_wrong");
}

BOOST_AUTO_TEST_SUITE_END()
