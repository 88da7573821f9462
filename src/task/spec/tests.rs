use super::TaskSpec;

fn spec(text: &str) -> TaskSpec {
    text.parse().unwrap()
}

#[test]
fn the_text_is_kept_with_single_spaces() {
    let task = spec("\t n**2 \n+  1 ");
    assert_eq!(task.source(), "n**2 + 1");
    assert_eq!(format!("{task:>10}|"), "  n**2 + 1|");
    assert_eq!(format!("{task:?}"), r#"TaskSpec("n**2 + 1")"#);
    assert_eq!(task, spec("n**2 + 1"));
    assert_ne!(task, spec("n**2 + 2"));
    assert_eq!(TaskSpec::default(), spec("n**2"));
}

#[test]
fn travels_as_its_text_and_is_checked_on_arrival() {
    let task = spec("square if n == 3 else sleep(0.5)");
    let bytes = postcard::to_stdvec(&task).unwrap();
    let plugins: [&str; 0] = [];
    assert_eq!(bytes, postcard::to_stdvec(&(task.source(), &plugins[..])).unwrap());
    assert_eq!(postcard::from_bytes::<TaskSpec>(&bytes).unwrap(), task);

    let bad = postcard::to_stdvec(&("n +", &plugins[..])).unwrap();
    assert!(postcard::from_bytes::<TaskSpec>(&bad).is_err());
}

#[test]
fn only_tasks_without_effects_are_pure() {
    for pure in ["n", "7", "3*n**2 - is_prime + collatz(n)", "n if n == 3 else 1.5", "divmod(n, i)"]
    {
        assert!(spec(pure).is_pure(), "{pure}");
    }
    let impure = [
        "sleep(0)",
        "n + abort()",
        "hang()",
        "1 - 2*exit(1)",
        "panic() if n == 3 else n",
        "n if n == 3 else segv()",
        "max(n, alloc(0))",
    ];
    for impure in impure {
        assert!(!spec(impure).is_pure(), "{impure}");
    }
}
