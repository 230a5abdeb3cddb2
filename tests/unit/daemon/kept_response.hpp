// tests/unit/daemon/kept_response.hpp - the answer of an endpoint, for who looks at it.
#pragma once

#include <utility>

#include "gateway/adapters/http/request_handler.hpp"

namespace caseway::test {

class KeptResponse final : public AnswerState {
public:
    bool answer(Response response) override {
        given = std::move(response);
        return true;
    }
    Response given;
};

}  // namespace caseway::test
