// gateway/base/result.hpp - a value or the Refusal (or other error value) that stands in its place. No exceptions for
// bad input.
#pragma once

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "gateway/base/check.hpp"
#include "gateway/base/refusal.hpp"

namespace caseway {

template <class T, class E = Refusal>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit by design
    Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

    explicit operator bool() const { return state_.index() == 0; }
    bool ok() const { return state_.index() == 0; }

    T& value() & {
        CASEWAY_CHECK(ok());
        return *std::get_if<0>(&state_);
    }
    const T& value() const& {
        CASEWAY_CHECK(ok());
        return *std::get_if<0>(&state_);
    }
    T&& value() && {
        CASEWAY_CHECK(ok());
        return std::move(*std::get_if<0>(&state_));
    }
    E& error() & {
        CASEWAY_CHECK(!ok());
        return *std::get_if<1>(&state_);
    }
    const E& error() const& {
        CASEWAY_CHECK(!ok());
        return *std::get_if<1>(&state_);
    }
    E&& error() && {
        CASEWAY_CHECK(!ok());
        return std::move(*std::get_if<1>(&state_));
    }

    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }

private:
    std::variant<T, E> state_;
};

/// Success without a value: `return Done{};`
struct Done {};

}  // namespace caseway
