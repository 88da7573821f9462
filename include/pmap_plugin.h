/* A native plugin for pmap: functions of your own for its expressions.
 *
 *     #include "pmap_plugin.h"
 *
 *     static int twice(const int64_t *arguments, int64_t *result, char *message) {
 *         if (arguments[0] > INT64_MAX / 2) {
 *             snprintf(message, PMAP_MESSAGE, "too large");
 *             return 1;
 *         }
 *         *result = 2 * arguments[0];
 *         return 0;
 *     }
 *
 *     static const pmap_function functions[] = {
 *         {.name = "twice", .help = "2 n", .arity = 1, .integer = twice},
 *     };
 *     PMAP_PLUGIN(functions)
 *
 *     cc -shared -fPIC -I include -o libmine.so mine.c
 *     pmap --plugin ./libmine.so --range 0..10 'twice(n) + 1'
 *
 * A plugin is loaded in pmap's worker processes and nowhere else. Each worker calls it from one thread, one call
 * after the other, so that it need not be thread-safe; each has its own copy of the plugin's global variables. What
 * one call leaves in them, later calls in the same worker find. docs/PLUGINS.md says what becomes of an item
 * whose call crashes, exits or never returns, and how often a function is called.
 */
#ifndef PMAP_PLUGIN_H
#define PMAP_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this interface. pmap refuses a plugin that was made for another. */
#define PMAP_PLUGIN_ABI 1

/* The most arguments of a function. */
#define PMAP_ARITY 8

/* The bytes of the buffer that an error's message is written to, its final zero included. */
#define PMAP_MESSAGE 256

/* The scalar forms, for integers and for doubles: one call, its arguments and a place for its result.
 *
 * 0 says that *result holds the result. Anything else fails the item; what `message` holds then is shown to the
 * user (UTF-8, at most PMAP_MESSAGE - 1 bytes before the zero). It is empty when the function is called. */
typedef int (*pmap_integer)(const int64_t *arguments, int64_t *result, char *message);
typedef int (*pmap_real)(const double *arguments, double *result, char *message);

/* The batch forms, which may be left out: `count` calls at once, at least 1. The k-th call's arguments are
 * arguments[0][k], arguments[1][k] and so on; its result belongs into results[k].
 *
 * The value is how many calls are done, from the first one on: `count`, or fewer where one fails. That one is
 * then made again in the scalar form, which says why; those behind it come in a further batch. */
typedef size_t (*pmap_integer_batch)(size_t count, const int64_t *const *arguments, int64_t *results);
typedef size_t (*pmap_real_batch)(size_t count, const double *const *arguments, double *results);

/* A function. It has at least one of the two scalar forms. With both, the first is called where all arguments are
 * integers, and the second elsewhere. */
typedef struct pmap_function {
    /* What expressions call it: a Python identifier of at most 64 letters, digits and underscores. */
    const char *name;
    /* What it yields, in a line; may be NULL. */
    const char *help;
    /* How many arguments it takes, 0 to PMAP_ARITY. */
    uint32_t arity;
    pmap_integer integer;
    pmap_integer_batch integer_batch;
    pmap_real real;
    pmap_real_batch real_batch;
} pmap_function;

/* What a library shows to pmap, under the name `pmap_plugin`. */
typedef struct pmap_plugin_table {
    /* PMAP_PLUGIN_ABI. */
    uint32_t abi;
    /* How many functions there are, 1 to 1024. */
    uint32_t count;
    const pmap_function *functions;
} pmap_plugin_table;

#if defined(__GNUC__)
#define PMAP_VISIBLE __attribute__((visibility("default")))
#else
#define PMAP_VISIBLE
#endif

/* Declares the functions of an array; written once in a library, at file scope. */
#define PMAP_PLUGIN(array)                                                                          \
    extern PMAP_VISIBLE const pmap_plugin_table pmap_plugin;                                        \
    const pmap_plugin_table pmap_plugin = {                                                         \
        PMAP_PLUGIN_ABI, (uint32_t)(sizeof(array) / sizeof((array)[0])), (array)};

#ifdef __cplusplus
}
#endif

#endif
