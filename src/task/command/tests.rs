use super::*;

fn filled(words: &[&str], item: &[u8]) -> Vec<String> {
    let command = CommandSpec::new(words.iter().map(|word| word.as_bytes()));
    let words = command.words(item, 6, Slot(2)).expect("no NUL byte");
    words.into_iter().map(|word| String::from_utf8(word).expect("text")).collect()
}

#[test]
fn placeholders_are_those_of_gnu_parallel() {
    for (word, item, expected) in [
        ("{}", "a b", "a b"),
        ("x{}y{}", "1", "x1y1"),
        ("{.}", "dir.d/file", "dir.d/file"),
        ("{.}", "dir/file.tar.gz", "dir/file.tar"),
        ("{.}", "file.", "file"),
        ("{.}", ".bashrc", ""),
        ("{/}", "a/b/c.txt", "c.txt"),
        ("{/}", "a/b/", ""),
        ("{//}", "a/b/c.txt", "a/b"),
        ("{//}", "c.txt", "."),
        ("{//}", "/c", "/"),
        ("{//}", "a/b/", "a"),
        ("{//}", "/", "/"),
        ("{/.}", "a.d/b.txt", "b"),
        ("{#}", "x", "7"),
        ("{%}", "x", "3"),
        ("{", "x", "{"),
        ("{{}}", "x", "{x}"),
        ("{}{.}", "a.b", "a.ba"),
        ("{1}{ }", "x", "{1}{ }"),
    ] {
        let expected = if word.contains("{}") || !["{", "{1}{ }"].contains(&word) {
            vec!["cmd".to_owned(), expected.to_owned()]
        } else {
            vec!["cmd".to_owned(), expected.to_owned(), item.to_owned()]
        };
        assert_eq!(filled(&["cmd", word], item.as_bytes()), expected, "{word} {item}");
    }
}

#[test]
fn without_a_placeholder_the_item_is_the_last_argument() {
    assert_eq!(filled(&["echo", "-n"], b"-x y\n"), ["echo", "-n", "-x y\n"]);
    assert_eq!(filled(&["echo"], b""), ["echo", ""]);
    let piped = CommandSpec::without_item([b"cat".as_slice()]);
    assert_eq!(piped.words(b"x", 0, Slot(0)), Ok(vec![b"cat".to_vec()]));
}

#[test]
fn a_shell_gets_its_script_as_it_is_and_the_item_apart() {
    let shell = CommandSpec::shell(b"echo {} \"$1\"", true);
    let words = shell.words(b"; rm -rf /", 0, Slot(0)).expect("no NUL byte");
    assert_eq!(words, [&b"sh"[..], b"-c", b"echo {} \"$1\"", b"sh", b"; rm -rf /"]);
    assert_eq!(shell.program(), Some(&b"sh"[..]));
}

#[test]
fn a_nul_byte_is_no_argument() {
    let command = CommandSpec::new([b"echo".as_slice()]);
    assert_eq!(command.words(b"a\0b", 0, Slot(0)), Err(NulByte));
    assert_eq!(CommandSpec::new([b"{}".as_slice()]).program(), None);
}
