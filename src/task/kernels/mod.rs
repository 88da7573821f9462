//! Functions of an integer that a task can use by name, a file each. To add one, write the file and add its line to
//! [`ALL`].

mod collatz;
mod cube;
mod is_prime;
mod square;

use num_bigint::BigInt;

use super::ItemError;
use super::arithmetic;
use crate::value::Number;

static ALL: [&Kernel; 4] = [&square::KERNEL, &cube::KERNEL, &is_prime::KERNEL, &collatz::KERNEL];

/// A function of an integer.
#[derive(Debug)]
pub(super) struct Kernel {
    /// Its name in a task; a Python identifier.
    pub(super) name: &'static str,
    /// What it yields, in a few words.
    summary: &'static str,
    pub(super) body: Body,
}

/// How a kernel is computed.
#[derive(Debug)]
pub(super) enum Body {
    /// The integer to this power.
    Power(u32),
    Function {
        yields: Yields,
        small: Small,
        /// The value for any integer.
        exact: fn(&BigInt) -> Result<Number, ItemError>,
    },
}

/// A kernel's value for a small integer; `None` if it has none, or takes more than 64 bits to find. Then the exact
/// function decides.
pub(super) type Small = fn(i64) -> Option<i64>;

/// What the result of [`Small`] stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Yields {
    Int,
    /// 1 is `True`, 0 is `False`.
    Bool,
}

impl Kernel {
    /// The value for `input`.
    ///
    /// # Errors
    /// [`ItemError::NotAnInteger`] for a float, whole or not, and what the kernel itself does not take.
    pub(super) fn call(&self, input: &Number) -> Result<Number, ItemError> {
        let integer = match input {
            Number::Float(_) => {
                return Err(ItemError::NotAnInteger {
                    kernel: self.name,
                    input: input.to_string(),
                });
            }
            integer => integer,
        };
        let (yields, small, exact) = match &self.body {
            Body::Power(exponent) => return arithmetic::power(integer, *exponent),
            Body::Function { yields, small, exact } => (yields, small, exact),
        };
        let value = match integer {
            Number::Bool(value) => small(i64::from(*value)),
            Number::Int(value) => i64::try_from(*value).ok().and_then(small),
            _ => None,
        };
        match (value, yields) {
            (Some(value), Yields::Int) => Ok(Number::from(value)),
            (Some(value), Yields::Bool) => Ok(Number::Bool(value != 0)),
            (None, _) => exact(&arithmetic::into_big(integer.clone())),
        }
    }
}

/// Name and description of a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KernelInfo {
    /// What a task calls it.
    pub name: &'static str,
    /// What it yields, in a few words.
    pub summary: &'static str,
}

/// The kernels that a task can use.
///
/// ```
/// assert!(pmap::task::kernels().any(|kernel| kernel.name == "is_prime"));
/// ```
pub fn kernels() -> impl Iterator<Item = KernelInfo> {
    ALL.iter().map(|kernel| KernelInfo { name: kernel.name, summary: kernel.summary })
}

/// The kernel of this name.
pub(super) fn find(name: &str) -> Option<&'static Kernel> {
    ALL.iter().copied().find(|kernel| kernel.name == name)
}

#[cfg(test)]
mod tests;
