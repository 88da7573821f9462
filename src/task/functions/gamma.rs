//! `gamma` and `lgamma`.
//!
//! Lanczos' approximation with g = 6.0247 and 13 terms, the coefficients of Boost's `lanczos13m53`, in the steps of CPython's
//! `Modules/mathmodule.c`: the last bit depends on their order.

use std::f64::consts::PI;

use super::{Body, Function};
use crate::sys::math;
use crate::task::{ItemError, arithmetic};
use crate::value::Number;

pub(super) static ALL: [Function; 2] = [
    Function {
        name: "gamma",
        parameters: "x",
        arguments: (1, 1),
        help: "gamma function: (x - 1)! for whole x",
        example: ("gamma(0.5)", "1.7724538509055159"),
        body: Body::Number(gamma),
        columns: &[],
    },
    Function {
        name: "lgamma",
        parameters: "x",
        arguments: (1, 1),
        help: "logarithm of the magnitude of gamma(x)",
        example: ("lgamma(1000)", "5905.220423209181"),
        body: Body::Number(lgamma),
        columns: &[],
    },
];

const G: f64 = 6.024_680_040_776_73;
const G_MINUS_HALF: f64 = 5.524_680_040_776_73;
const LOG_PI: f64 = 1.144_729_885_849_400_174_143_427_351_353_058_711_647;

/// Numerators and denominators of the sum, for powers from 0 up.
const TERMS: [(f64, f64); 13] = [
    (23_531_376_880.410_76, 0.0),
    (42_919_803_642.649_1, 39_916_800.0),
    (35_711_959_237.355_67, 120_543_840.0),
    (17_921_034_426.037_21, 150_917_976.0),
    (6_039_542_586.352_028, 105_258_076.0),
    (1_439_720_407.311_721_6, 45_995_730.0),
    (248_874_557.862_054_17, 13_339_535.0),
    (31_426_415.585_400_194, 2_637_558.0),
    (2_876_370.628_935_372_5, 357_423.0),
    (186_056.265_395_223_48, 32_670.0),
    (8_071.672_002_365_816, 1_925.0),
    (210.824_277_751_579_36, 66.0),
    (2.506_628_274_631_000_2, 1.0),
];

/// Gamma of 1, 2, …, which are doubles.
const FACTORIALS: [f64; 23] = [
    1.0,
    1.0,
    2.0,
    6.0,
    24.0,
    120.0,
    720.0,
    5_040.0,
    40_320.0,
    362_880.0,
    3_628_800.0,
    39_916_800.0,
    479_001_600.0,
    6_227_020_800.0,
    87_178_291_200.0,
    1_307_674_368_000.0,
    20_922_789_888_000.0,
    355_687_428_096_000.0,
    6_402_373_705_728_000.0,
    121_645_100_408_832_000.0,
    2_432_902_008_176_640_000.0,
    51_090_942_171_709_440_000.0,
    1_124_000_727_777_607_680_000.0,
];

/// Lanczos' sum for a positive `x`.
fn lanczos_sum(x: f64) -> f64 {
    let (numerator, denominator) = if x < 5.0 {
        TERMS.iter().rev().fold((0.0, 0.0), |(n, d), (a, b)| (n * x + a, d * x + b))
    } else {
        TERMS.iter().fold((0.0, 0.0), |(n, d), (a, b)| (n / x + a, d / x + b))
    };
    numerator / denominator
}

/// The sine of pi * `x` for a finite `x`, exact at halves.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let sine = match (2.0 * y).round() as i32 {
        0 => math::sin(PI * y),
        1 => math::cos(PI * (y - 0.5)),
        2 => math::sin(PI * (1.0 - y)),
        3 => -math::cos(PI * (y - 1.5)),
        _ => math::sin(PI * (y - 2.0)),
    };
    1_f64.copysign(x) * sine
}

fn gamma(arguments: &[Number]) -> Result<Number, ItemError> {
    let x = arithmetic::to_float(&arguments[0])?;
    if x.is_nan() || x == f64::INFINITY {
        return Ok(Number::Float(x));
    }
    let is_whole = x == x.floor();
    if x == 0.0 || x.is_infinite() || is_whole && x < 0.0 {
        return Err(ItemError::domain());
    }
    if is_whole && x <= FACTORIALS.len() as f64 {
        return Ok(Number::Float(FACTORIALS[x as usize - 1]));
    }
    let result = gamma_of_fraction(x);
    if result.is_infinite() {
        return Err(ItemError::range());
    }
    Ok(Number::Float(result))
}

fn gamma_of_fraction(x: f64) -> f64 {
    /// From here on `y` to the power of `x` overflows, and is multiplied in two halves.
    const LARGE: f64 = 140.0;
    let magnitude = x.abs();
    if magnitude < 1e-20 {
        return 1.0 / x;
    }
    if magnitude > 200.0 {
        return if x < 0.0 { 0.0 / sin_pi(x) } else { f64::INFINITY };
    }
    let y = magnitude + G_MINUS_HALF;
    // What the rounding of that sum has lost.
    let lost = if magnitude > G_MINUS_HALF {
        (y - magnitude) - G_MINUS_HALF
    } else {
        (y - G_MINUS_HALF) - magnitude
    };
    let correction = lost * G / y;
    let half_power = || math::pow(y, magnitude / 2.0 - 0.25);
    if x < 0.0 {
        let mut result =
            -PI / sin_pi(magnitude) / magnitude * math::exp(y) / lanczos_sum(magnitude);
        result -= correction * result;
        if magnitude < LARGE {
            result / math::pow(y, magnitude - 0.5)
        } else {
            result / half_power() / half_power()
        }
    } else {
        let mut result = lanczos_sum(magnitude) / math::exp(y);
        result += correction * result;
        if magnitude < LARGE {
            result * math::pow(y, magnitude - 0.5)
        } else {
            result * half_power() * half_power()
        }
    }
}

fn lgamma(arguments: &[Number]) -> Result<Number, ItemError> {
    let x = arithmetic::to_float(&arguments[0])?;
    if x.is_nan() {
        return Ok(Number::Float(x));
    }
    if x.is_infinite() {
        return Ok(Number::Float(f64::INFINITY));
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { Err(ItemError::domain()) } else { Ok(Number::Float(0.0)) };
    }
    let magnitude = x.abs();
    if magnitude < 1e-20 {
        return Ok(Number::Float(-math::log(magnitude)));
    }
    let mut result = math::log(lanczos_sum(magnitude)) - G;
    result += (magnitude - 0.5) * (math::log(magnitude + G - 0.5) - 1.0);
    if x < 0.0 {
        result = LOG_PI - math::log(sin_pi(magnitude).abs()) - math::log(magnitude) - result;
    }
    if result.is_infinite() {
        return Err(ItemError::range());
    }
    Ok(Number::Float(result))
}
