// cmake/headers.cpp - the one source of the targets that precompile headers for all others: Headers.cmake.
