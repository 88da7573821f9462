use crate::plugin::Signature;
use crate::task::{TaskSpec, functions};
use crate::value::{Number, Value};

fn spec(task: &str) -> TaskSpec {
    task.parse().unwrap_or_else(|error| panic!("{task}: {error}"))
}

/// Tasks, and whether they give integers only, of integers and of whatever there is.
#[test]
fn what_a_text_tells() {
    for (task, of_integers, of_any) in [
        ("n", true, false),
        ("-n + 3*n**2 - i", true, false),
        ("n // 2 if n % 2 == 0 else 3*n + 1", true, false),
        ("n / 2 if n % 2 == 0 else 3*n + 1", false, false),
        ("n and 0.5", false, false),
        ("n or 7", true, false),
        ("n // 2.0", false, false),
        ("n / 1", false, false),
        ("n ** 2", true, false),
        ("n ** True", true, false),
        ("2 ** n", false, false),
        ("n ** n", false, false),
        ("n ** -1", false, false),
        ("2 ** -1", false, false),
        ("i ** 2", true, true),
        ("n > 0.5", true, true),
        ("not n", true, true),
        ("~n", true, true),
        ("n << 2 | 1", true, true),
        ("is_prime", true, true),
        ("floor(n / 2)", true, true),
        ("int(n / 2) + i", true, true),
        ("round(n / 2)", true, true),
        ("round(n / 2, 1)", false, false),
        ("round(n, 1)", true, false),
        ("abs(n)", true, false),
        ("abs(n / 2)", false, false),
        ("min(n, 3)", true, false),
        ("max(n, 0.5)", false, false),
        ("bool(n)", true, true),
        ("isnan(n)", true, true),
        ("sqrt(n)", false, false),
        ("hypot(n, 1)", false, false),
        ("log2(n)", false, false),
        ("gamma(n)", false, false),
        ("factorial(n)", true, true),
        ("comb(n, 3)", true, true),
        ("pow(n, 3, 7)", true, true),
        ("pow(n, 3)", true, false),
        ("n + sleep(0)", true, false),
        ("sleep(0)", true, true),
        ("1 << 70", true, true),
        ("1e3", false, false),
    ] {
        let got = (spec(task).gives_integers(true), spec(task).gives_integers(false));
        assert_eq!(got, (of_integers, of_any), "{task}");
    }
}

/// Of a plugin's function, its signature says it.
#[test]
fn functions_of_plugins_keep_to_their_signatures() {
    for (takes_integers, takes_reals, of_integers, of_any) in
        [(true, false, true, true), (false, true, false, false), (true, true, true, false)]
    {
        let mine = Signature::new("mine", 1, takes_integers, takes_reals).expect("a signature");
        let task = TaskSpec::parse_with("mine(n) + 1", &[mine]).expect("a task");
        assert_eq!((task.gives_integers(true), task.gives_integers(false)), (of_integers, of_any));
    }
}

/// The claim, for every function and for arguments of every kind.
#[test]
fn no_function_breaks_its_word() {
    let numbers = ["-2", "0", "1", "7", "True", "12", "2**65"];
    let floats = ["-0.5", "0.0", "2.0", "7.25", "1e20"];
    let (mut kept, mut promised) = (0, 0);
    for function in functions().filter(|function| function.is_pure()) {
        for count in 1..=4 {
            for nth in 0..numbers.len() * floats.len() {
                let (number, float) = (numbers[nth % numbers.len()], floats[nth % floats.len()]);
                for first in [number, float] {
                    let more = [number, "2", "5"];
                    let words: Vec<_> = [first].into_iter().chain(more).take(count).collect();
                    let text = format!("{}({})", function.name(), words.join(", "));
                    // Of constants, it is known what they are; the item stands for the first of them.
                    let text = text.replacen(first, "n", 1);
                    let Ok(task) = text.parse::<TaskSpec>() else { continue };
                    let item = spec(first).compile().exact(&Number::Int(0), 0);
                    let Ok(Value::Number(item)) = item else { panic!("{first}") };
                    let is_integer = !matches!(item, Number::Float(_));
                    let Ok(Value::Number(result)) = task.compile().exact(&item, 0) else {
                        continue;
                    };
                    let promises = task.gives_integers(is_integer);
                    let keeps = !matches!(result, Number::Float(_));
                    assert!(keeps || !promises, "{text} of {item} is {result}");
                    kept += u32::from(keeps && is_integer);
                    promised += u32::from(promises && is_integer);
                }
            }
        }
    }
    // And no more is left open than has to be.
    assert!(promised > 500 && promised * 10 > kept * 9, "{promised} of {kept}");
}
