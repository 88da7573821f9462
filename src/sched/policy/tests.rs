use super::*;

fn items(n: u64) -> NonZeroU64 {
    NonZeroU64::new(n).expect("at least 1")
}

#[test]
fn chunk_sizes() {
    let cases = [
        ("auto", Ok(ChunkSize::Auto)),
        ("1", Ok(ChunkSize::Items(items(1)))),
        ("1_000", Ok(ChunkSize::Items(items(1000)))),
        ("1e9", Ok(ChunkSize::Items(items(ChunkSize::MAX)))),
        ("1000000001", Err(Fault::AboveMax)),
        ("1e400", Err(Fault::AboveMax)),
        ("0", Err(Fault::BelowOne)),
        ("-1", Err(Fault::BelowOne)),
        ("-1e400", Err(Fault::BelowOne)),
        ("", Err(Fault::Empty)),
        ("Auto", Err(Fault::NotWhole)),
        ("1.5", Err(Fault::NotWhole)),
        ("1k", Err(Fault::NotWhole)),
    ];
    for (text, expected) in cases {
        assert_eq!(text.parse::<ChunkSize>().map_err(|e| e.fault), expected, "{text:?}");
    }
}

#[test]
fn windows() {
    let cases = [
        ("auto", Ok(Window::Auto)),
        ("1", Ok(Window::Items(items(1)))),
        ("18446744073709551615", Ok(Window::Items(NonZeroU64::MAX))),
        ("18446744073709551616", Err(Fault::AboveMax)),
        ("0", Err(Fault::BelowOne)),
        ("", Err(Fault::Empty)),
        ("all", Err(Fault::NotWhole)),
    ];
    for (text, expected) in cases {
        assert_eq!(text.parse::<Window>().map_err(|e| e.fault), expected, "{text:?}");
    }
}

#[test]
fn shown_as_typed() {
    for text in ["auto", "1", "1000000000"] {
        assert_eq!(text.parse::<ChunkSize>().map(|c| c.to_string()), Ok(text.to_owned()));
        assert_eq!(text.parse::<Window>().map(|w| w.to_string()), Ok(text.to_owned()));
    }
}
