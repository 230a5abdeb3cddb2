# Compiler flags, the same for every target.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -fno-omit-frame-pointer
                    -fstack-protector-strong)
add_compile_definitions($<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
if(CASEWAY_SANITIZE)
  add_compile_options(-fsanitize=${CASEWAY_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CASEWAY_SANITIZE})
endif()
if(CASEWAY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
find_program(LLD ld.lld)
if(LLD AND NOT CMAKE_CROSSCOMPILING)  # the cross compilers of Debian know their own linker alone
  add_link_options(-fuse-ld=lld)
endif()
