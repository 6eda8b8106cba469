/// What libFuzzer offers a program with a `main` of its own; it comes with the compiler and has no header.

#include <stddef.h>
#include <stdint.h>

/// Runs libFuzzer with a program's arguments, as its own `main` would; `target` is called with each input.
int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*target)(const uint8_t *bytes, size_t size));
