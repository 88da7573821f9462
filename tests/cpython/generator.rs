//! Random tasks and items, of the same seed always the same.

use std::ops::Range;

/// `SplitMix64` (Steele, Lea and Flood 2014).
pub(crate) struct Generator {
    state: u64,
}

/// Functions and how many arguments they take here. Left out are those with effects, and `cbrt`, whose last digit is the
/// C library's or the toolchain's.
const FUNCTIONS: &[(&str, Range<usize>)] = &[
    ("abs", 1..2),
    ("min", 2..4),
    ("max", 2..4),
    ("round", 1..2),
    ("floor", 1..2),
    ("ceil", 1..2),
    ("trunc", 1..2),
    ("int", 0..2),
    ("float", 0..2),
    ("bool", 0..2),
    ("pow", 3..4),
    ("pow", 3..4),
    ("math.pow", 2..3),
    ("exp", 1..2),
    ("exp2", 1..2),
    ("expm1", 1..2),
    ("log", 1..3),
    ("log2", 1..2),
    ("log10", 1..2),
    ("log1p", 1..2),
    ("sqrt", 1..2),
    ("math.sqrt", 1..2),
    ("erf", 1..2),
    ("erfc", 1..2),
    ("gamma", 1..2),
    ("lgamma", 1..2),
    ("sin", 1..2),
    ("cos", 1..2),
    ("tan", 1..2),
    ("asin", 1..2),
    ("acos", 1..2),
    ("atan", 1..2),
    ("atan2", 2..3),
    ("sinh", 1..2),
    ("cosh", 1..2),
    ("tanh", 1..2),
    ("asinh", 1..2),
    ("acosh", 1..2),
    ("atanh", 1..2),
    ("degrees", 1..2),
    ("radians", 1..2),
    ("hypot", 0..4),
    ("isfinite", 1..2),
    ("isinf", 1..2),
    ("isnan", 1..2),
    ("isclose", 2..3),
    ("fabs", 1..2),
    ("copysign", 2..3),
    ("fmod", 2..3),
    ("remainder", 2..3),
    ("nextafter", 2..3),
    ("ulp", 1..2),
    ("gcd", 0..4),
    ("lcm", 0..4),
    ("isqrt", 1..2),
    ("square", 1..2),
    ("cube", 1..2),
    ("is_prime", 1..2),
];

const TUPLES: &[(&str, usize)] = &[("divmod", 2), ("frexp", 1), ("modf", 1)];

const BINARY: &[&str] =
    &["+", "+", "+", "-", "-", "-", "*", "*", "*", "/", "/", "//", "//", "%", "%", "&", "|", "^"];

const COMPARISONS: &[&str] = &["<", "<=", ">", ">=", "==", "!="];

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }

    /// Decimal digits of a number of up to so many, without leading zeros.
    fn whole(&mut self, most: u64) -> String {
        let count = 1 + self.below(most);
        let text: String = (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect();
        let trimmed = text.trim_start_matches('0');
        if trimmed.is_empty() { "0".to_owned() } else { trimmed.to_owned() }
    }

    /// Integers that fit `i64`.
    pub(crate) fn small_int(&mut self) -> String {
        let value = match self.below(8) {
            0..=2 => self.next() as i64 % 100,
            3 => *self.pick(&[
                0,
                1,
                2,
                -1,
                i64::MAX,
                i64::MIN,
                i64::MAX - 1,
                1 << 53,
                (1 << 53) + 1,
                -(1 << 53) - 1,
                3_037_000_499,
                3_037_000_500,
                1 << 32,
                1 << 31,
                -(1 << 31),
            ]),
            _ => self.next() as i64 >> self.below(64),
        };
        value.to_string()
    }

    /// Integers beyond `i64`, of up to 40 digits and a few at the ends of types.
    pub(crate) fn large_int(&mut self) -> String {
        let sign = *self.pick(&["", "-"]);
        let digits = match self.below(4) {
            0 => (*self.pick(&[
                "9223372036854775808",
                "9223372036854775809",
                "18446744073709551615",
                "18446744073709551616",
                "170141183460469231731687303715884105727",
                "170141183460469231731687303715884105728",
                "10000000000000000000000000000000000000000",
            ]))
            .to_owned(),
            _ => format!("{}{}", 1 + self.below(9), self.whole(39) + "0000000000000000000"),
        };
        format!("{sign}{:.41}", digits)
    }

    /// Any double.
    pub(crate) fn float(&mut self) -> f64 {
        const SPECIAL: [f64; 30] = [
            0.0,
            0.5,
            1.0,
            1.5,
            2.0,
            2.5,
            3.0,
            10.0,
            f64::INFINITY,
            f64::NAN,
            f64::MAX,
            f64::MIN_POSITIVE,
            5e-324,
            1e-310,
            2.225_073_858_507_201e-308,
            9_007_199_254_740_991.0,
            9_007_199_254_740_992.0,
            9_007_199_254_740_994.0,
            9_223_372_036_854_775_807.0,
            1.844_674_407_370_955_2e19,
            1e16,
            1e22,
            1e100,
            0.1,
            1e-5,
            0.999_999_999_999_999_9,
            1.000_000_000_000_000_2,
            171.5,
            709.0,
            100.25,
        ];
        let sign = if self.below(2) == 0 { 1.0 } else { -1.0 };
        let magnitude = match self.below(6) {
            0 | 1 => *self.pick(&SPECIAL),
            2 => self.below(2000) as f64 / 2.0,
            3 => (self.next() >> 11) as f64 / (1_u64 << 53) as f64 * 10.0,
            4 => f64::from_bits((self.next() >> 12) | (1023 - 20 + self.below(40)) << 52),
            _ => f64::from_bits(self.next() >> 1),
        };
        // The sign of a NaN is lost in text.
        if magnitude.is_nan() { f64::NAN } else { sign * magnitude }
    }

    fn literal(&mut self) -> String {
        match self.below(14) {
            0..=6 => self.below(12).to_string(),
            7 => self.whole(3),
            8 => self.whole(22),
            9 => format!("{}.{}", self.below(20), self.whole(3)),
            10 => format!("{}e{}", self.whole(2), self.below(24) as i64 - 12),
            11 => format!("{:#x}", self.next() >> self.below(64)),
            12 => (*self.pick(&[
                "True", "False", "pi", "e", "tau", "inf", "nan", ".5", "5.", "1_000", "0b101",
                "0o17", "1E3", "0_0", "00", "1.5e-7", "1e400",
            ]))
            .to_owned(),
            _ => self.float().abs().to_string().replace("inf", "1e999").replace("NaN", "nan"),
        }
    }

    fn atom(&mut self) -> String {
        match self.below(10) {
            0..=3 => "n".to_owned(),
            4 => "x".to_owned(),
            5 => "i".to_owned(),
            _ => self.literal(),
        }
    }

    /// A small integer that may depend on the item.
    fn count(&mut self, most: u64) -> String {
        match self.below(6) {
            0 => format!("(n % {})", 1 + self.below(most)),
            1 => "i".to_owned(),
            2 => format!("-{}", self.below(most)),
            _ => self.below(most).to_string(),
        }
    }

    fn expression(&mut self, depth: u64) -> String {
        if depth == 0 {
            return self.atom();
        }
        let less = depth - 1;
        let inner = |this: &mut Self| {
            let depth = this.below(depth);
            this.expression(depth)
        };
        let space = if self.below(2) == 0 { " " } else { "" };
        match self.below(32) {
            0..=9 => {
                let operator = *self.pick(BINARY);
                let (a, b) = (self.expression(less), inner(self));
                match self.below(3) {
                    0 => format!("({a}){space}{operator}{space}({b})"),
                    1 => format!("{a}{space}{operator}{space}({b})"),
                    _ => format!("{a}{space}{operator}{space}{b}"),
                }
            }
            10 | 11 => {
                let exponent = match self.below(8) {
                    0 => self.atom_of_power(),
                    1 => "0.5".to_owned(),
                    _ => self.count(7),
                };
                match self.below(4) {
                    0 => format!("{}**{exponent}", self.atom()),
                    3 => format!("pow({}, {exponent})", inner(self)),
                    1 => format!("-{}**{exponent}", self.atom()),
                    _ => format!("({})**{exponent}", inner(self)),
                }
            }
            12 => {
                let (a, count) = (inner(self), self.count(90));
                let operator = *self.pick(&["<<", ">>", ">>"]);
                format!("({a}) {operator} {count}")
            }
            13 => format!("-{}", self.expression(less)),
            14 => format!("~({})", inner(self)),
            15 => format!("+({})", inner(self)),
            16 => format!("(not {})", inner(self)),
            17 | 18 => {
                let mut chain = inner(self);
                for _ in 0..1 + self.below(2) {
                    let comparison = *self.pick(COMPARISONS);
                    chain = format!("({chain}) {comparison} {}", self.atom());
                }
                if self.below(2) == 0 { format!("({chain})") } else { chain }
            }
            19 => {
                let (a, b, c) = (self.atom(), inner(self), self.atom());
                let (first, second) = (*self.pick(COMPARISONS), *self.pick(COMPARISONS));
                format!("({a} {first} {b} {second} {c})")
            }
            20 | 21 => {
                let word = *self.pick(&["and", "or"]);
                format!("({} {word} {})", inner(self), inner(self))
            }
            22..=24 => {
                let (a, b, c) = (inner(self), inner(self), inner(self));
                format!("({a} if {b} else {c})")
            }
            25 => {
                let (n, k) = (self.count(60), self.count(40));
                let (function, arguments) = match self.below(5) {
                    0 => ("comb", format!("{n}, {k}")),
                    1 => ("perm", format!("{n}, {k}")),
                    2 => ("factorial", n),
                    3 => ("ldexp", format!("{}, {k}", inner(self))),
                    _ => ("round", format!("{}, {k}", inner(self))),
                };
                format!("{function}({arguments})")
            }
            26 => format!("collatz(abs(n) % {} + 1)", 1 + self.below(1000)),
            _ => {
                let (name, arity) = &FUNCTIONS[self.below(FUNCTIONS.len() as u64) as usize];
                let count = arity.start as u64 + self.below(arity.len() as u64);
                let arguments: Vec<String> = (0..count).map(|_| inner(self)).collect();
                format!("{name}({})", arguments.join(", "))
            }
        }
    }

    fn atom_of_power(&mut self) -> String {
        (*self.pick(&["n", "2.0", "1.5", "-0.5", "-1", "17", "63", "True", "inf", "(n % 5 - 2)"]))
            .to_owned()
    }

    /// A task.
    pub(crate) fn task(&mut self) -> String {
        let depth = 1 + self.below(5);
        match self.below(25) {
            0 => {
                let &(name, count) = self.pick(TUPLES);
                let arguments: Vec<String> =
                    (0..count).map(|_| self.expression(depth / 2)).collect();
                format!("{name}({})", arguments.join(", "))
            }
            1 => format!(
                "{} if {} else {}",
                self.expression(depth),
                self.expression(depth),
                self.expression(depth)
            ),
            _ => self.expression(depth),
        }
    }
}
