# The headers of others that most files read, compiled once. Not with GCC, which gains little by it, and so
# that one build still sees a file that forgot an include. None of weir's own: CMake would silence their warnings.
option(WEIR_PRECOMPILE "Compile the headers of the standard library and the frameworks once (Clang)" OFF)

set(precompiled <algorithm> <charconv> <chrono> <expected> <filesystem> <functional> <map> <memory> <optional> <span>
  <string> <string_view> <utility> <vector> <fmt/format.h> <simdjson.h>)

function(weir_precompile target)
  if(WEIR_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${precompiled} ${ARGN})
    # ccache knows a precompiled header by what is in it.
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()
