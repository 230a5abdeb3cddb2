// connectors/sdk/contract_suite.cpp - tries the promises one after the other and says what was seen.
#include "connectors/sdk/contract_suite.hpp"

#include "connectors/sdk/contract_session.hpp"

namespace caseway {
namespace {

PromiseResult tryPromise(const contract::Promise& promise, const contract::Session& session) {
    PromiseResult result{.promise = promise.sentence};
    try {
        result.seen = promise.hold(session);
        result.state = PromiseResult::State::Kept;
        return result;
    } catch (const contract::NotTried& reason) {
        result.seen = reason.what();
        return result;
    } catch (const contract::Broken& broken) {
        result.seen = broken.what();
    } catch (const ConnectorFault& fault) {
        result.seen = contract::describe(fault);
    } catch (const std::exception& error) {
        result.seen = std::string("something else than a ConnectorFault was thrown: ") + error.what();
    } catch (...) {
        result.seen = "something that is no std::exception was thrown";
    }
    result.state = PromiseResult::State::Broken;
    result.next_step = promise.next_step;
    return result;
}

}  // namespace

std::vector<PromiseResult> holdToContract(const ContractSubject& subject,
                                          const std::function<void(const PromiseResult&)>& progress) {
    const contract::Session session(subject);
    std::vector<PromiseResult> results;
    for (const auto& promises : {contract::settingsPromises(), contract::readingPromises(),
                                 contract::acknowledgingPromises(), contract::writingPromises()}) {
        for (const contract::Promise& promise : promises) {
            results.push_back(tryPromise(promise, session));
            if (progress) progress(results.back());
        }
    }
    return results;
}

}  // namespace caseway
