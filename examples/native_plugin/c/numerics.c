/* A plugin in C, as numerical libraries of a certain age are: it works in global variables, so that no two threads
 * may use it at a time. In pmap each worker is a process with its own.
 *
 *     cc -shared -fPIC -O2 -I ../../../include -o libnumerics.so numerics.c -lm
 *     pmap --plugin ./libnumerics.so --range 1..5 'romberg(0, n)'
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "pmap_plugin.h"

enum { ROWS = 20 };

/* What a caller sets, what the integrator works in, and how it went: all of it shared by everybody. */
static struct {
    double (*integrand)(double);
    double low, high;
    double table[ROWS][ROWS];
    unsigned long evaluations;
} problem;

static double bell(double x) {
    problem.evaluations++;
    return exp(-x * x);
}

/* Halves the steps of the trapezoidal rule, and extrapolates, until two rows agree. */
static int integrate(double *result) {
    double width = problem.high - problem.low;
    double (*f)(double) = problem.integrand;
    problem.table[0][0] = width / 2 * (f(problem.low) + f(problem.high));
    for (int row = 1; row < ROWS; row++) {
        long points = 1L << (row - 1);
        double sum = 0;
        width /= 2;
        for (long k = 0; k < points; k++)
            sum += f(problem.low + (2 * k + 1) * width);
        problem.table[row][0] = problem.table[row - 1][0] / 2 + width * sum;
        double factor = 1;
        for (int column = 1; column <= row; column++) {
            factor *= 4;
            double finer = problem.table[row][column - 1], coarser = problem.table[row - 1][column - 1];
            problem.table[row][column] = finer + (finer - coarser) / (factor - 1);
        }
        *result = problem.table[row][row];
        if (row > 4 && fabs(*result - problem.table[row - 1][row - 1]) <= 1e-13 * fabs(*result))
            return 0;
    }
    return 1;
}

static int romberg(const double *arguments, double *result, char *message) {
    problem.integrand = bell;
    problem.low = arguments[0];
    problem.high = arguments[1];
    if (!isfinite(problem.low) || !isfinite(problem.high)) {
        snprintf(message, PMAP_MESSAGE, "the limits must be finite");
        return 1;
    }
    if (integrate(result)) {
        snprintf(message, PMAP_MESSAGE, "no convergence from %g to %g", problem.low, problem.high);
        return 2;
    }
    return 0;
}

/* How often the integrand has been evaluated in this worker so far: global state, as anybody can see. */
static int evaluations(const int64_t *arguments, int64_t *result, char *message) {
    (void)arguments, (void)message;
    *result = (int64_t)problem.evaluations;
    return 0;
}

static int reversed(int64_t number, int64_t *result) {
    int64_t value = 0;
    for (; number > 0; number /= 10) {
        int64_t digit = number % 10;
        if (value > (INT64_MAX - digit) / 10)
            return 1;
        value = 10 * value + digit;
    }
    *result = value;
    return 0;
}

static int reverse(const int64_t *arguments, int64_t *result, char *message) {
    if (arguments[0] < 0) {
        snprintf(message, PMAP_MESSAGE, "%" PRId64 " is negative", arguments[0]);
        return 1;
    }
    if (reversed(arguments[0], result)) {
        snprintf(message, PMAP_MESSAGE, "%" PRId64 " backwards has more than 64 bits", arguments[0]);
        return 2;
    }
    return 0;
}

static size_t reverse_all(size_t count, const int64_t *const *arguments, int64_t *results) {
    for (size_t k = 0; k < count; k++)
        if (arguments[0][k] < 0 || reversed(arguments[0][k], &results[k]))
            return k;
    return count;
}

static const pmap_function functions[] = {
    {.name = "romberg",
     .help = "the integral of exp(-x*x) from a to b",
     .arity = 2,
     .real = romberg},
    {.name = "evaluations",
     .help = "how often this worker has evaluated exp(-x*x) for romberg",
     .arity = 0,
     .integer = evaluations},
    {.name = "reverse",
     .help = "the decimal digits of n from the last to the first",
     .arity = 1,
     .integer = reverse,
     .integer_batch = reverse_all},
};
PMAP_PLUGIN(functions)
