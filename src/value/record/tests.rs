use super::*;

fn record<'a>(input: &'a [u8], outcome: Result<&'a str, &'a str>, form: RecordForm) -> String {
    let time = Some(Duration::from_nanos(1_000_000_023));
    let outcome = outcome.map(str::as_bytes);
    let mut line = Vec::new();
    Record { index: 7, input, outcome, attempts: 1, worker: 2, pid: 3, time }
        .append_to(&mut line, form);
    String::from_utf8(line).unwrap()
}

#[test]
fn what_json_has_no_form_for() {
    for (printed, json) in [
        ("True", "true"),
        ("-12", "-12"),
        ("1e+16", "1e+16"),
        ("-0.0", "-0.0"),
        ("inf", "\"inf\""),
        ("-inf", "\"-inf\""),
        ("(nan, False)", "[\"nan\", false]"),
        ("[]", "[]"),
        ("[2, 2, 3]", "[2, 2, 3]"),
    ] {
        let line = record(b"x", Ok(printed), RecordForm::JsonLines);
        let tail = ",\"attempts\":1,\"worker\":2,\"pid\":3,\"seconds\":1.000000023}\n";
        assert_eq!(line, format!("{{\"index\":7,\"input\":\"x\",\"result\":{json}{tail}"));
    }
}

#[test]
fn strings_are_escaped() {
    let input = b"a\"b\\c\td\x01\xff\x00";
    let line = record(input, Err("no\nway"), RecordForm::JsonLines);
    assert!(line.contains(r#""input":"a\"b\\c\u0009d\u0001"#), "{line}");
    assert!(line.contains("\u{fffd}\\u0000\",\"error\":\"no\\u000away\","), "{line}");
    assert_eq!(
        record(b"a\tb\\c\r\n\0", Err("no\tway"), RecordForm::Tsv),
        "7\ta\\tb\\\\c\\r\\n\\0\t\tno\\tway\t1\t2\t3\t1.000000023\n"
    );
    assert_eq!(record(b"2", Ok("4"), RecordForm::Tsv), "7\t2\t4\t\t1\t2\t3\t1.000000023\n");
}
