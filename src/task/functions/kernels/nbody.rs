//! `nbody(steps)`: the energy of the Sun and its four large planets after steps of 0.01 days.
//!
//! Masses, places and speeds are those of the n-body benchmark of the Computer Language Benchmarks Game, which
//! publishes the energies: in astronomical units, days and solar masses over 4 pi^2. Each step moves the bodies by the
//! symplectic Euler method: first all speeds by the pulls of all pairs, then all places.

use std::f64::consts::PI;

use super::{Body as FunctionBody, Function, ItemError, Number, kernel, kernel_word};

const MOST: u64 = 100_000_000;

const STEP: f64 = 0.01;
const SOLAR_MASS: f64 = 4.0 * PI * PI;
const DAYS_A_YEAR: f64 = 365.24;

pub(super) const FUNCTION: Function = kernel(
    ("nbody", "steps"),
    1,
    FunctionBody::Number(exact),
    "energy of the Sun and its four large planets after so many steps of 0.01 days",
    ("nbody(1000)", "-0.16908760523460614"),
);

#[derive(Clone, Copy)]
struct Body {
    place: [f64; 3],
    speed: [f64; 3],
    mass: f64,
}

/// A body with its speed in astronomical units a year and its mass in solar masses.
const fn body(place: [f64; 3], [x, y, z]: [f64; 3], mass: f64) -> Body {
    let speed = [x * DAYS_A_YEAR, y * DAYS_A_YEAR, z * DAYS_A_YEAR];
    Body { place, speed, mass: mass * SOLAR_MASS }
}

/// The Sun, Jupiter, Saturn, Uranus, Neptune.
const BODIES: [Body; 5] = [
    body([0.0; 3], [0.0; 3], 1.0),
    body(
        [4.841_431_442_464_721, -1.160_320_044_027_428_4, -1.036_220_444_711_231_1e-1],
        [1.660_076_642_744_037e-3, 7.699_011_184_197_404e-3, -6.904_600_169_720_63e-5],
        9.547_919_384_243_266e-4,
    ),
    body(
        [8.343_366_718_244_58, 4.124_798_564_124_305, -4.035_234_171_143_214e-1],
        [-2.767_425_107_268_624e-3, 4.998_528_012_349_172e-3, 2.304_172_975_737_639_3e-5],
        2.858_859_806_661_308e-4,
    ),
    body(
        [1.289_436_956_213_913_1e1, -1.511_115_140_169_863_1e1, -2.233_075_788_926_557_3e-1],
        [2.964_601_375_647_616e-3, 2.378_471_739_594_809_5e-3, -2.965_895_685_402_375_6e-5],
        4.366_244_043_351_563e-5,
    ),
    body(
        [1.537_969_711_485_091_7e1, -2.591_931_460_998_796_4e1, 1.792_587_729_503_711_8e-1],
        [2.680_677_724_903_893_2e-3, 1.628_241_700_382_423e-3, -9.515_922_545_197_159e-5],
        5.151_389_020_466_114_5e-5,
    ),
];

fn exact(arguments: &[Number]) -> Result<Number, ItemError> {
    let steps = kernel_word("nbody", &arguments[0], 0..=MOST)?;
    let mut bodies = BODIES;
    // The whole stands still.
    for axis in 0..3 {
        let push: f64 = bodies.iter().fold(0.0, |sum, body| sum + body.speed[axis] * body.mass);
        bodies[0].speed[axis] = -push / SOLAR_MASS;
    }
    for _ in 0..steps {
        advance(&mut bodies);
    }
    Ok(Number::Float(energy(&bodies)))
}

fn difference(a: &Body, b: &Body) -> ([f64; 3], f64) {
    let apart: [f64; 3] = std::array::from_fn(|axis| a.place[axis] - b.place[axis]);
    (apart, apart[0] * apart[0] + apart[1] * apart[1] + apart[2] * apart[2])
}

fn advance(bodies: &mut [Body; 5]) {
    for i in 0..bodies.len() {
        for j in i + 1..bodies.len() {
            let (apart, squared) = difference(&bodies[i], &bodies[j]);
            let pull = STEP / (squared * squared.sqrt());
            let (mass_i, mass_j) = (bodies[i].mass * pull, bodies[j].mass * pull);
            for (axis, apart) in apart.into_iter().enumerate() {
                bodies[i].speed[axis] -= apart * mass_j;
                bodies[j].speed[axis] += apart * mass_i;
            }
        }
    }
    for body in bodies {
        for axis in 0..3 {
            body.place[axis] += STEP * body.speed[axis];
        }
    }
}

fn energy(bodies: &[Body; 5]) -> f64 {
    let mut energy = 0.0;
    for (i, body) in bodies.iter().enumerate() {
        let [x, y, z] = body.speed;
        energy += 0.5 * body.mass * (x * x + y * y + z * z);
        for other in &bodies[i + 1..] {
            let (_, squared) = difference(body, other);
            energy -= body.mass * other.mass / squared.sqrt();
        }
    }
    energy
}
