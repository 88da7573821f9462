//! Random tasks and items, evaluated here and by CPython.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::answer;

const CASES: usize = 5_000;

/// Reads lines of a task and an item, separated by a tab, and prints the result or the error of each. The kernels are
/// written as plainly as can be. `square` and the like without an argument are beyond Python; the test writes them out.
const ORACLE: &str = r#"
import sys
if hasattr(sys, "set_int_max_str_digits"): sys.set_int_max_str_digits(0)

def integer(name, n):
    if isinstance(n, float): raise TypeError(f"{name} needs an integer, not {n!r}")
    return n

def square(n): return integer("square", n)**2

def cube(n): return integer("cube", n)**3

def is_prime(n):
    integer("is_prime", n)
    if n < 2: return False
    bases = [p for p in range(2, 200) if all(p % q for q in range(2, p))]
    for p in bases:
        if n % p == 0: return n == p
    s = ((n - 1) & (1 - n)).bit_length() - 1
    def passes(base):
        y = pow(base, (n - 1) >> s, n)
        if y == 1: return True
        for _ in range(s):
            if y == n - 1: return True
            y = y * y % n
        return False
    return all(passes(p) for p in bases)

def collatz(n):
    if integer("collatz", n) < 1: raise ValueError("collatz needs an integer of at least 1")
    steps = 0
    while n != 1:
        n = 3*n + 1 if n % 2 else n // 2
        steps += 1
    return steps

def sleep(seconds): return 0

lines = sys.stdin.read().splitlines()
for line in lines:
    task, item = line.split("\t")
    try: n = int(item)
    except ValueError: n = float(item)
    try: print(repr(eval(task, globals(), {"n": n, "x": n})))
    except Exception as error: print(f"{type(error).__name__}: {error}")
"#;

#[test]
fn random_tasks_mean_what_they_mean_to_cpython() {
    let python = Command::new("python3")
        .args(["-c", ORACLE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut python) = python else {
        println!("skipped: no python3 to compare with");
        return;
    };
    let mut generator = Generator { state: 20_240_607 };
    let cases: Vec<(String, String)> =
        (0..CASES).map(|_| (generator.task(), generator.item())).collect();
    let mut script = String::new();
    for (task, item) in &cases {
        let called =
            ["square", "cube", "is_prime", "collatz"].iter().fold(task.clone(), |task, name| {
                task.replace(&format!("{name}!"), &format!("{name}(n)"))
            });
        script.push_str(&format!("{called}\t{item}\n"));
    }
    // CPython reads to the end before it prints, so that neither side waits for the other.
    python.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed.lines().count(), CASES);
    for ((task, item), expected) in cases.iter().zip(printed.lines()) {
        let task = task.replace('!', "");
        assert_eq!(answer(&task, item), expected, "{task} of {item}");
    }
}

/// Random pieces of the language. The numbers are splitmix64's (Steele, Lea and Flood 2014).
struct Generator {
    state: u64,
}

impl Generator {
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len() as u64) as usize]
    }

    /// A whole number without a sign, of up to `digits` digits.
    fn whole(&mut self, digits: u64) -> String {
        let digits = 1 + self.below(digits);
        let text: String = (0..digits).map(|_| char::from(b'0' + self.below(10) as u8)).collect();
        let trimmed = text.trim_start_matches('0');
        if trimmed.is_empty() { "0".to_owned() } else { trimmed.to_owned() }
    }

    fn item(&mut self) -> String {
        let sign = self.one_of(&["", "-"]);
        match self.below(10) {
            0..=2 => format!("{sign}{}", self.whole(2)),
            3..=5 => format!("{sign}{}", self.whole(40)),
            6 => {
                let edges = [
                    "0",
                    "1",
                    "2",
                    "9223372036854775807",
                    "9223372036854775808",
                    "170141183460469231731687303715884105727",
                    "170141183460469231731687303715884105728",
                    "18446744073709551615",
                    "18446744073709551629",
                ];
                format!("{sign}{}", self.one_of(&edges))
            }
            7 => {
                let specials = [
                    "0.0",
                    "1.0",
                    "0.5",
                    "inf",
                    "nan",
                    "1e308",
                    "5e-324",
                    "9007199254740993.0",
                    "1e16",
                    "2.5",
                    "1e-5",
                    "1e100",
                ];
                format!("{sign}{}", self.one_of(&specials))
            }
            _ => format!(
                "{sign}{}.{}e{}{}",
                self.whole(3),
                self.whole(8),
                self.one_of(&["", "-"]),
                self.below(30)
            ),
        }
    }

    fn atom(&mut self) -> String {
        let n = self.one_of(&["n", "x"]);
        match self.below(12) {
            0 | 1 => n.to_owned(),
            2 | 3 => format!("{n}**{}", self.below(6)),
            4 => {
                let limit = if self.below(10) == 0 { 1001 } else { 30 };
                format!("{n} ** {}", self.below(limit))
            }
            5 => self.whole(45),
            6 => format!("{}.{}", self.whole(4), self.whole(6)),
            7 => format!(
                "{}{}{}",
                self.whole(2),
                self.one_of(&["e", "E", "e-", ".e+"]),
                self.below(320)
            ),
            8 => "sleep(0)".to_owned(),
            _ => {
                let kernel = self.one_of(&["square", "cube", "is_prime", "is_prime", "collatz"]);
                // `!` stands for the argument that may be left out.
                format!("{kernel}{}", self.one_of(&["!", "(n)", "(x)", " ( n )"]))
            }
        }
    }

    fn term(&mut self) -> String {
        let mut term = self.one_of(&["", "", "", "-", "+", "- "]).to_owned();
        while self.below(3) == 0 {
            term += &self.whole(20);
            term += self.one_of(&["*", " * "]);
        }
        term + &self.atom()
    }

    fn sum(&mut self) -> String {
        let mut sum = self.term();
        while self.below(2) == 0 {
            sum += self.one_of(&["+", "-", " + ", " - "]);
            sum += &self.term();
        }
        sum
    }

    fn task(&mut self) -> String {
        let sum = self.sum();
        if self.below(3) != 0 {
            return sum;
        }
        let sign = self.one_of(&["", "-", "+"]);
        let value = self.whole(1);
        let condition = if self.below(4) == 0 {
            format!("n == {sign}{value}")
        } else {
            let digits = if self.below(8) == 0 { 400 } else { 1 };
            let modulus = self.whole(digits);
            // Not zero: a leading digit keeps the rest what it is.
            format!("n % {}1{modulus} == {sign}{value}", self.one_of(&["", "-"]))
        };
        format!("{sum} if {condition} else {}", self.sum())
    }
}
