# Compiler flags, the same for every target.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -fno-omit-frame-pointer
                    -fstack-protector-strong)
add_compile_definitions($<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
add_compile_definitions(FMT_SHARED)  # fmt::fmt says it of those that link it; precompiled headers are used where all definitions are the same
if(CASEWAY_SANITIZE)
  add_compile_options(-fsanitize=${CASEWAY_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CASEWAY_SANITIZE})
endif()
# A test's own sources are not optimized and guide no fuzzer: with the sanitizers of clang they compile in 16 s for 38.
set(CASEWAY_TEST_OPTIONS $<$<CONFIG:Debug>:-O0>)
if(CASEWAY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  list(APPEND CASEWAY_TEST_OPTIONS -fno-sanitize=fuzzer-no-link)
endif()
find_program(LLD ld.lld)
if(LLD AND NOT CMAKE_CROSSCOMPILING)  # the cross compilers of Debian know their own linker alone
  add_link_options(-fuse-ld=lld)
endif()
