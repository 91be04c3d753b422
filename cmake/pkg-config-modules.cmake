# The libraries behind weir that are found through pkg-config. weir is a static library, so whoever links
# it needs them too: weirConfig.cmake reads this file as well.
set(WEIR_MODULES simdjson libisal zlib libzstd liblz4 liblzma re2 libxxhash libcrypto sqlite3)
