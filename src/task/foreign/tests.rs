use crate::plugin::Signature;
use crate::task::{ItemError, Results, TaskSpec};
use crate::value::Number;

fn vocabulary() -> Vec<Signature> {
    ["one", "two"]
        .into_iter()
        .zip(1..)
        .map(|(name, arity)| Signature::new(name, arity, true, true).unwrap())
        .collect()
}

fn spec(text: &str) -> TaskSpec {
    TaskSpec::parse_with(text, &vocabulary()).unwrap()
}

#[test]
fn a_task_travels_with_the_signatures_of_what_it_calls() {
    for (text, called) in [
        ("one(two(n, 1)) + one", vec!["two", "one"]),
        ("one if n else 0", vec!["one"]),
        ("n", vec![]),
    ] {
        let task = spec(text);
        let names: Vec<&str> = task.plugin_functions().map(Signature::name).collect();
        assert_eq!(names, called);
        let there: TaskSpec = postcard::from_bytes(&postcard::to_stdvec(&task).unwrap()).unwrap();
        assert_eq!(there, task);
        assert!(there.plugin_functions().eq(task.plugin_functions()));
        assert_eq!((task.is_pure(), task.has_effects()), (called.is_empty(), false));
    }
    assert!("one(n)".parse::<TaskSpec>().is_err());
    let forged = postcard::to_stdvec(&("one(n)", Vec::<Signature>::new())).unwrap();
    assert!(postcard::from_bytes::<TaskSpec>(&forged).is_err());
}

#[test]
fn without_its_plugin_a_call_fails_its_items() {
    let mut task = spec("one(n)");
    let missing = task.find_functions(&[]).unwrap_err();
    assert_eq!(missing.name(), "one");
    let mut evaluator = task.compile();
    assert!(!evaluator.block(&[1, 2], 0, &mut Results::default()));
    let error = evaluator.exact(&Number::Int(1), 0).unwrap_err();
    assert!(matches!(error, ItemError::Plugin { .. }));
    assert_eq!(error.to_string(), "one: its plugin is not loaded in this process");
}

#[test]
fn columns_are_for_calls_that_are_made_once_for_every_item() {
    let once = [
        "one(n)",
        "one(n) + two(n, i)",
        "one(n if n > 3 else 3)",
        "one(n) > 2",
        "not one(n)",
        "sqrt(one(n))",
        "one(one(n))",
        "one(0 < n < 5)",
    ];
    let not = [
        "one(n) if n else 0",
        "0 if n else one(n)",
        "1 if one(n) else 0",
        "n and one(n)",
        "one(n) or n",
        "0 < one(n) < 5",
        "1 + (one(n) and 1)",
        "sqrt(one(n) if n else 2)",
    ];
    for (texts, wanted) in [(&once, true), (&not, false)] {
        for text in texts {
            let tree = crate::task::syntax::parse(text, &vocabulary()).unwrap();
            assert_eq!(tree.calls_foreign_once(), wanted, "{text}");
        }
    }
}

#[test]
fn words_that_are_taken() {
    for word in ["n", "i", "pi", "sin", "math.sin", "if", "lambda", "def", "True", "None", "alloc"]
    {
        assert!(crate::task::is_taken(word), "{word}");
    }
    for word in ["one", "reverse", "N", "sine", "If"] {
        assert!(!crate::task::is_taken(word), "{word}");
    }
}
