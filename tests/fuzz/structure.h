/*
 * A mutator that knows what it changes: an input is read as YAML, or the JSON that is YAML too, one
 * node of it is replaced, removed, doubled, wrapped, renamed, exchanged for another, or takes one
 * from another input, and all is written again. What cannot be read is left to libFuzzer.
 */
#ifndef AMBERBAR_TESTS_FUZZ_STRUCTURE_H
#define AMBERBAR_TESTS_FUZZ_STRUCTURE_H

#include <stddef.h>
#include <stdint.h>

/* Names and shapes of libFuzzer's interface. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *data1, size_t size1, const uint8_t *data2,
                                 size_t size2, uint8_t *out, size_t max_out_size, unsigned seed);

#endif
