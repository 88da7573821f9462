//! The primes of a segment of the numbers.

/// Segments that end beyond this are not sieved: there would be more primes to sieve with than numbers to be sieved.
const SIEVED_TO: u64 = 100_000_000_000_000;

/// Some second.
const LONGEST_SIEVED: u64 = 1_000_000_000;

/// Some seconds.
const LONGEST_TESTED: u64 = 100_000_000;

/// The fewest and most odd numbers that are sieved at a time: what fits the L1 and the L2 cache. In between the more,
/// the more primes there are to go through each time.
const BLOCK: (usize, usize) = (1 << 15, 1 << 20);

/// How many numbers a segment that ends before `b` may have.
pub(super) fn longest(b: u64) -> u64 {
    if b > SIEVED_TO { LONGEST_TESTED } else { LONGEST_SIEVED }
}

/// How many primes there are in `a..b`.
pub(super) fn primes(a: u64, b: u64) -> u64 {
    let length = b.saturating_sub(a);
    // A test costs as much as some 16 steps of the sieve that finds the primes to sieve with.
    if b > SIEVED_TO || length < b.isqrt() / 16 { tested(a, b) } else { sieved(a, b) }
}

/// One number after the other.
fn tested(a: u64, b: u64) -> u64 {
    let odd = (a.max(3) | 1..b).step_by(2).filter(|&n| machine_prime::is_prime(n)).count();
    odd as u64 + u64::from((a..b).contains(&2))
}

/// By taking away the multiples of the primes up to the root (Eratosthenes). For `b` up to [`SIEVED_TO`].
fn sieved(a: u64, b: u64) -> u64 {
    let two = u64::from((a..b).contains(&2));
    let first = a.max(3) | 1;
    if b <= first {
        return two;
    }
    // Odd numbers only: the k-th is first + 2 k.
    let mut left = (b - first).div_ceil(2) as usize;
    let root = (b - 1).isqrt();
    let mut sieving: Vec<(usize, usize)> = odd_primes(root as usize)
        .map(|p| {
            let p = p as u64;
            // The first odd multiple that has no smaller factor, in the segment.
            let multiple = (p * p).max((first.div_ceil(p) | 1) * p);
            (p as usize, ((multiple - first) / 2) as usize)
        })
        .collect();

    let block = (root as usize).clamp(BLOCK.0, BLOCK.1);
    let mut is_composite = vec![false; block.min(left)];
    let mut count = two;
    while left > 0 {
        let block = &mut is_composite[..block.min(left)];
        block.fill(false);
        for (p, next) in &mut sieving {
            let mut at = *next;
            while let Some(number) = block.get_mut(at) {
                *number = true;
                at += *p;
            }
            *next = at - block.len();
        }
        count += block.iter().map(|&is_composite| u64::from(!is_composite)).sum::<u64>();
        left -= block.len();
    }
    count
}

/// The odd primes up to `limit`.
fn odd_primes(limit: usize) -> impl Iterator<Item = usize> {
    // The k-th odd number is 2 k + 1.
    let mut is_composite = vec![false; limit.div_ceil(2)];
    for k in 1.. {
        let p = 2 * k + 1;
        if p * p > limit {
            break;
        }
        if !is_composite[k] {
            is_composite[p * p / 2..].iter_mut().step_by(p).for_each(|multiple| *multiple = true);
        }
    }
    let odd = is_composite.into_iter().enumerate().skip(1);
    odd.filter(|(_, is_composite)| !is_composite).map(|(k, _)| 2 * k + 1)
}

#[cfg(test)]
mod tests;
