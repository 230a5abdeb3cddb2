// tests/unit/log/verifier_fixture.hpp - logs that verifier_test.cpp and bundle_test.cpp verify.
#pragma once

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <ctime>
#include <random>
#include "gateway/formats/merkle/hash.hpp"
#include "gateway/log/bundle.hpp"
#include "gateway/log/leaf.hpp"
#include "gateway/log/store_source.hpp"
#include "gateway/log/verifier.hpp"
#include "log_fixture.hpp"

using namespace caseway;
using namespace caseway::testing;

namespace {

VerifyReport verifyStore(LogFixture& f, std::optional<HeldHead> against = {}, std::size_t ids = 1'000'000) {
    TextChecker checker;
    VerifierOptions options;
    options.keys = {f.key()};
    options.checker = &checker;
    options.against = std::move(against);
    options.ids_in_memory = ids;
    StoreSource source(f.store.snapshot(), {});
    return verifyLog(source, options);
}

std::string exported(LogFixture& f) {
    StoreSource source(f.store.snapshot(), {});
    std::string bundle;
    const auto count = exportBundle(source, [&](std::string_view bytes) { bundle += bytes; });
    BOOST_TEST(count.ok());
    return bundle;
}

VerifyReport verifyBundle(LogFixture& f, std::string_view bundle, std::optional<HeldHead> against = {}) {
    TextChecker checker;
    VerifierOptions options;
    options.keys = {f.key()};
    options.checker = &checker;
    options.against = std::move(against);
    MemorySource bytes(bundle);
    BundleSource source(bytes);
    return verifyLog(source, options);
}

bool has(const VerifyReport& report, std::string_view what, std::string_view where = {}) {
    return std::any_of(report.findings.kept().begin(), report.findings.kept().end(),
                       [&](const Finding& f) { return f.what == what && (where.empty() || f.where == where); });
}

std::string told(const VerifyReport& report) {
    std::string text;
    for (const Finding& f : report.findings.kept())
        text += f.what + " at " + f.where + " expected " + f.expected + " found " + f.found + "\n";
    return text;
}

/// 600 messages in uneven commits.
void fill(LogFixture& f) {
    for (const std::uint64_t count : {1U, 99U, 200U, 1U, 299U}) f.commit(count);
}

}  // namespace
