//! A plugin in Rust. An error fails the item with its text, and so does a panic: `digit(n, 20)`.

pmap::plugin! {
    /// The sum of the decimal digits of n
    fn digit_sum(n: i64) -> i64 {
        digits(n).sum()
    }

    /// The digit of n that stands for so many times ten to that place
    fn digit(n: i64, place: i64) -> i64 {
        let places: Vec<i64> = digits(n).collect();
        places[usize::try_from(place).expect("places are counted from 0")]
    }

    /// How many steps of replacing n by the product of its digits lead to one digit
    fn persistence(n: i64) -> Result<i64, &'static str> {
        if n < 0 {
            return Err("only numbers from 0 on have digits to multiply");
        }
        let mut rest = n;
        let mut steps = 0;
        while rest > 9 {
            rest = digits(rest).product();
            steps += 1;
        }
        Ok(steps)
    }

    /// The logistic map: x after so many steps of r*x*(1 - x)
    fn logistic(r: f64, x: f64, steps: f64) -> Result<f64, String> {
        if !(0.0..=1e9).contains(&steps) {
            return Err(format!("{steps} is no number of steps"));
        }
        let mut x = x;
        for _ in 0..steps as u64 {
            x = r * x * (1.0 - x);
        }
        Ok(x)
    }
}

/// The decimal digits of a number, from the last one on; of 0, none.
fn digits(n: i64) -> impl Iterator<Item = i64> {
    let mut rest = n.unsigned_abs();
    std::iter::from_fn(move || {
        let digit = (rest > 0).then_some(rest % 10)?;
        rest /= 10;
        i64::try_from(digit).ok()
    })
}
