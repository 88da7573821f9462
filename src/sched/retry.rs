//! Which failures are tried again, and after what time.

use std::str::FromStr;
use std::time::Duration;

use crate::error::Class;
use crate::ids::Index;

/// A set of kinds of failures: those that are tried again.
///
/// ```
/// use pmap::error::Class;
/// use pmap::sched::Classes;
/// let classes: Classes = "death,timeout".parse()?;
/// assert!(classes.contains(Class::Timeout) && !classes.contains(Class::Error));
/// # Ok::<(), pmap::sched::ClassesError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classes(u8);

impl Classes {
    /// None of them.
    pub const NONE: Self = Self(0);

    /// With `class` added to it.
    #[must_use]
    pub const fn with(self, class: Class) -> Self {
        Self(self.0 | 1 << class as u8)
    }

    /// Whether `class` is among them.
    #[must_use]
    pub const fn contains(self, class: Class) -> bool {
        self.0 & (1 << class as u8) != 0
    }
}

/// What may well go otherwise the next time: deaths, and running out of memory. What takes too long, or fails by
/// itself, does so again.
impl Default for Classes {
    fn default() -> Self {
        Self::NONE.with(Class::Death).with(Class::Memory)
    }
}

impl FromStr for Classes {
    type Err = ClassesError;

    fn from_str(text: &str) -> Result<Self, ClassesError> {
        text.split(',').try_fold(Self::NONE, |classes, word| match word {
            "death" => Ok(classes.with(Class::Death)),
            "oom" => Ok(classes.with(Class::Memory)),
            "timeout" => Ok(classes.with(Class::Timeout)),
            "error" => Ok(classes.with(Class::Error)),
            _ => Err(ClassesError(())),
        })
    }
}

/// The text is no list of kinds of failures; the message is the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give one or more of death, oom, timeout and error, with commas between them")]
pub struct ClassesError(());

/// How long an item waits before it is tried again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delay {
    /// As long as it takes until a worker is free.
    #[default]
    None,
    /// The same time before each try.
    Fixed(Duration),
    /// Twice as long each time, and between half of that and all of it by chance, so that what failed together is
    /// not tried again together.
    Doubling {
        /// At most so long before the second try.
        first: Duration,
        /// At most so long before any.
        longest: Duration,
    },
}

impl Delay {
    /// The time before an item that was started `attempts` times is started again. The same for the same `seed`.
    pub(super) fn after(self, attempts: u32, index: Index, seed: u64) -> Duration {
        match self {
            Self::None => Duration::ZERO,
            Self::Fixed(delay) => delay,
            Self::Doubling { first, longest } => {
                let doublings = attempts.saturating_sub(1).min(31);
                let most = first.saturating_mul(1 << doublings).min(longest);
                let chance = mix(seed ^ mix(index ^ u64::from(attempts).rotate_right(16)));
                #[expect(clippy::cast_precision_loss, reason = "chance has no digits to lose")]
                let share = 0.5 + 0.5 * (chance as f64 / u64::MAX as f64);
                most.mul_f64(share)
            }
        }
    }
}

/// A number that looks random, the same for the same `n` (the finaliser of SplitMix64, Steele, Lea and Flood 2014).
fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn sets_of_classes() {
        assert_eq!("death,oom".parse(), Ok(Classes::default()));
        assert_eq!("error".parse(), Ok(Classes::NONE.with(Class::Error)));
        assert_eq!("error,error".parse(), Ok(Classes::NONE.with(Class::Error)));
        assert_eq!("timeout".parse(), Ok(Classes::NONE.with(Class::Timeout)));
        for text in ["", ",", "death,", "Death", "death timeout", "all"] {
            assert_eq!(text.parse::<Classes>(), Err(ClassesError(())), "{text:?}");
        }
    }

    #[test]
    fn doubling_delays_grow_to_the_longest_and_vary() {
        let delay = Delay::Doubling { first: 10 * MS, longest: 100 * MS };
        for (attempts, most) in [(1, 10), (2, 20), (3, 40), (4, 80), (5, 100), (1000, 100)] {
            let most = most * MS;
            for seed in [0, 7, u64::MAX] {
                let delays = (0..200).map(|index| delay.after(attempts, index, seed));
                let all: Vec<_> = delays.collect();
                assert!(all.iter().all(|delay| (most / 2..=most).contains(delay)), "{attempts}");
                let (least, largest) = (all.iter().min().unwrap(), all.iter().max().unwrap());
                assert!(*least < most * 6 / 10 && *largest > most * 9 / 10, "all of the range");
            }
        }
        assert_eq!(delay.after(2, 3, 7), delay.after(2, 3, 7));
        assert_ne!(delay.after(2, 3, 7), delay.after(2, 3, 8));
        assert_eq!(Delay::Fixed(5 * MS).after(9, 3, 7), 5 * MS);
        assert_eq!(Delay::None.after(9, 3, 7), Duration::ZERO);
    }

    /// The first numbers of SplitMix64 whose state begins at 0, as its authors' program prints them.
    #[test]
    fn chance_is_that_of_splitmix() {
        let states = (0..3).map(|nth| 0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(nth));
        let want = [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f];
        assert!(states.map(mix).eq(want));
    }
}
