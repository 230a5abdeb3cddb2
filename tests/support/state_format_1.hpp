// tests/support/state_format_1.hpp - one case's state as format 1 stores it. Never edited: databases hold such bytes,
// and the way to schema 3 reads them. A format 2 gets another mark, and a file of its own beside this one.
#pragma once

#include <string_view>

namespace caseway::fixture {

/// Opened by a window for the department 11440232000000001A, then stated by a system of it: the format's text, in hex.
constexpr std::string_view kStateFormat1 =
    "43520112313134343032333230303030303030303141020d63656e7465722f77696e646f77000f686f7573696e672f706572"
    "6d697473010200018090f8b2eebca8068090f8b2eebca80600000000000000000000000000000001016501018090f8b2eebc"
    "a8068090f8b2eebca806000000000000000000000000000000020166051c0000123131343430323332303030303030303031"
    "410300000257310301000241312100000231302101000232300101000201310240000006e5908ce6848f3800010131010566"
    "6c6f6f7200010133";
constexpr std::string_view kStateFormat1Department = "11440232000000001A";
constexpr std::string_view kStateFormat1Window = "center/window";
constexpr std::string_view kStateFormat1System = "housing/permits";

}  // namespace caseway::fixture
