//! What is no plugin: one line on stderr, exit 2, nothing on stdout.

use std::process::Command;

use crate::library::{GOOD, Library, ONE, compiled, library};
use crate::support::{Ended, pmap};

/// What is said about a plugin behind its name.
#[track_caller]
fn said(ended: &Ended, path: &str) -> String {
    assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
    assert!(ended.stdout.is_empty());
    let line = ended.stderr.strip_suffix('\n').expect("a line");
    assert!(!line.contains('\n'), "{line}");
    let head = "pmap: invalid value '";
    let line = line.strip_prefix(head).unwrap_or_else(|| panic!("{line}"));
    let shown: String = path.chars().take(48).collect();
    let rest = line.strip_prefix(&shown).unwrap_or_else(|| panic!("{line}"));
    let rest = rest.trim_start_matches("...");
    rest.strip_prefix("' for --plugin: ").unwrap_or_else(|| panic!("{line}")).to_owned()
}

#[track_caller]
fn refuses(library: &Library, what: &str) {
    // A run, and the list: both look.
    let path = library.path.to_str().expect("text");
    assert_eq!(said(&library.run(&["--range", "0..3", "f(n)"]), path), what);
    assert_eq!(said(&pmap(&["tasks", "--plugin", path]).run(), path), what);
}

fn table(fields: &str) -> Library {
    library(&format!(
        "{GOOD} static const pmap_function functions[] = {{ {fields} }}; PMAP_PLUGIN(functions)"
    ))
}

#[test]
fn files_that_are_no_libraries() {
    let folder = tempfile::tempdir().expect("a folder");
    let of = |name: &str| folder.path().join(name).to_str().expect("text").to_owned();
    std::fs::write(of("text"), "not a library\n").expect("a file");
    std::fs::write(of("empty"), "").expect("a file");
    let whole = std::fs::read(library(&format!("{GOOD}{ONE}")).path).expect("a library");
    std::fs::write(of("torn"), &whole[..20]).expect("a file");
    assert!(Command::new("mkfifo").arg(of("pipe")).status().expect("mkfifo").success());
    std::os::unix::fs::symlink("loop", of("loop")).expect("a link");

    let give = "; give the path of a shared library";
    let cases = [
        ("missing", format!("it cannot be read: No such file or directory (os error 2){give}")),
        (".", format!("it cannot be read: it is no regular file{give}")),
        ("pipe", format!("it cannot be read: it is no regular file{give}")),
        ("text/more", format!("it cannot be read: Not a directory (os error 20){give}")),
        ("empty", "it cannot be loaded: file too short".to_owned()),
        ("text", "it cannot be loaded: file too short".to_owned()),
        ("torn", "it cannot be loaded: file too short".to_owned()),
    ];
    for (name, what) in cases {
        let path = of(name);
        let ended = pmap(&["--plugin", &path, "--range", "0..3"]).run();
        assert_eq!(said(&ended, &path), what, "{name}");
    }
    let looping = pmap(&["--plugin", &of("loop"), "--range", "0..3"]).run();
    assert!(said(&looping, &of("loop")).starts_with("it cannot be read: "));
    let device = pmap(&["--plugin", "/dev/zero", "--range", "0..3"]).run();
    assert!(said(&device, "/dev/zero").contains("it is no regular file"));
    let program = pmap(&["--plugin", "/bin/sh", "--range", "0..3"]).run();
    assert!(said(&program, "/bin/sh").starts_with("it cannot be loaded: "));
}

#[test]
fn libraries_without_a_table_for_this_version() {
    let none = "it is no plugin: it has no symbol 'pmap_plugin' (see include/pmap_plugin.h)";
    refuses(&library("int mine(int n) { return n; }"), none);
    refuses(
        &library("const uint32_t pmap_plugin = 7;"),
        "it was made for version 7 of the plugin interface, and this is version 1; compile it again",
    );
    let missing = compiled(&format!("void lost(void); CONSTRUCTOR {{ lost(); }} {GOOD}{ONE}"), &[]);
    let path = missing.path.to_str().expect("text");
    let why = said(&missing.run(&["--range", "0..3"]), path);
    assert_eq!(why, "it cannot be loaded: undefined symbol: lost");
}

#[test]
fn tables_that_make_no_sense() {
    let head = |count: &str, functions: &str| {
        let table = format!("const pmap_plugin_table pmap_plugin = {{1, {count}, {functions}}};");
        library(&format!("{GOOD}{}{table}", ONE.replace("PMAP_PLUGIN(functions)", "")))
    };
    refuses(&head("0", "functions"), "it declares 0 functions; a plugin has 1 to 1024");
    refuses(
        &head("4000000000u", "functions"),
        "it declares 4000000000 functions; a plugin has 1 to 1024",
    );
    refuses(
        &head("1", "0 * (sizeof functions) + (void *)0"),
        "it declares functions at no address",
    );
    let crash = "it was killed by SIGSEGV when it was loaded";
    refuses(&head("1", "(const pmap_function *)8"), crash);

    let cases = [
        (".arity = 1, .integer = f", "has no name".to_owned()),
        (".name = \"\", .arity = 1, .integer = f", "has no name".to_owned()),
        (".name = (const char *)8, .arity = 1, .integer = f", String::new()),
        (
            ".name = \"two words\", .arity = 1, .integer = f",
            "is called 'two words', which is no name: names are letters, digits and underscores"
                .to_owned(),
        ),
        (
            ".name = \"9lives\", .arity = 1, .integer = f",
            "is called '9lives', which is no name: names are letters, digits and underscores"
                .to_owned(),
        ),
        (
            ".name = \"\\033[2J\\n\", .arity = 1, .integer = f",
            "is called '\\u{1b}[2J\\n', which is no name: names are letters, digits and underscores"
                .to_owned(),
        ),
        (
            ".name = \"f\\xff\", .arity = 1, .integer = f",
            "is called 'f\u{fffd}', which is no name: names are letters, digits and underscores"
                .to_owned(),
        ),
        (
            ".name = \"a23456789b23456789c23456789d23456789e23456789f23456789g23456789h2\", .arity = 1, \
             .integer = f",
            "has a name of more than 64 bytes".to_owned(),
        ),
        (
            ".name = \"f\", .arity = 9, .integer = f",
            "takes 9 arguments, of 8 that are possible".to_owned(),
        ),
        (
            ".name = \"f\", .arity = 4294967295u, .integer = f",
            "takes 4294967295 arguments, of 8 that are possible".to_owned(),
        ),
        (".name = \"f\", .arity = 1", "has no scalar form".to_owned()),
        (
            ".name = \"f\", .arity = 1, .integer_batch = (pmap_integer_batch)f",
            "has no scalar form".to_owned(),
        ),
    ];
    for (fields, what) in cases {
        let library = table(&format!("{{.name = \"ok\", .arity = 1, .integer = f}}, {{{fields}}}"));
        let path = library.path.to_str().expect("text");
        let why = said(&library.run(&["--range", "0..3"]), path);
        // A warning of the compiler is of no interest here.
        let wanted =
            if what.is_empty() { crash.to_owned() } else { format!("it function 2 {what}") };
        assert_eq!(why.replace("it: ", "it "), wanted, "{fields}");
    }
}

#[test]
fn names_that_mean_something_already() {
    for name in ["sin", "n", "x", "pi", "True", "is_prime", "lambda", "and", "None", "pow"] {
        let library = table(&format!("{{.name = \"{name}\", .arity = 1, .integer = f}}"));
        let what = format!(
            "its function '{name}' is called as a word that tasks know already; give it another name"
        );
        let path = library.path.to_str().expect("text");
        assert_eq!(said(&library.run(&["--range", "0..3"]), path), what);
    }
    let twice = "its function 'f' is declared twice; give one of them another name";
    let field = "{.name = \"f\", .arity = 1, .integer = f}";
    refuses(&table(&format!("{field}, {field}")), twice);
    let (one, other) = (table(field), table(field));
    let path = other.path.to_str().expect("text");
    assert_eq!(said(&one.run(&["--plugin", path, "--range", "0..3"]), path), twice);
}

#[test]
fn constructors_that_do_not_come_back() {
    let cases = [
        (
            "volatile int *volatile nowhere = NULL; *nowhere = 1;",
            "it was killed by SIGSEGV when it was loaded",
        ),
        ("abort();", "it was killed by SIGABRT when it was loaded"),
        ("raise(SIGKILL);", "it was killed by SIGKILL when it was loaded"),
        ("kill(0, SIGTERM);", "it was killed by SIGTERM when it was loaded"),
        ("exit(3);", "it called exit(3) when it was loaded"),
        ("_exit(0);", "it called exit(0) when it was loaded"),
        ("for (;;) pause();", "it was not loaded within 10 seconds"),
    ];
    for (body, what) in cases {
        let library = library(&format!("CONSTRUCTOR {{ {body} }} {GOOD}{ONE}"));
        let path = library.path.to_str().expect("text");
        assert_eq!(said(&library.run(&["--range", "0..3", "f(n)"]), path), what, "{body}");
    }
}

#[test]
fn a_constructor_within_the_limits_of_workers() {
    let grabs =
        "CONSTRUCTOR { char *p = malloc(1 << 28); if (!p) exit(9); memset(p, 1, 1 << 28); }";
    let library = library(&format!("{grabs} {GOOD}{ONE}"));
    let path = library.path.to_str().expect("text");
    let ended = library.run(&["--range", "0..3", "f(n)", "--memory-limit", "64M"]);
    assert_eq!(said(&ended, path), "it called exit(9) when it was loaded");
    library.run(&["--range", "0..3", "f(n)"]).expect(0, b"0\n2\n4\n", "");
}

#[test]
fn a_task_that_does_not_fit_its_functions() {
    let library = table("{.name = \"gadget\", .help = \"two times\", .arity = 2, .integer = f}");
    let cases = [
        ("gadget(n)", "`gadget` takes 2 arguments, and got 1; write gadget(a, b)"),
        ("gadget", "`gadget` must be called; write gadget(a, b)"),
        ("gadegt(n, 1)", "unknown name `gadegt`; did you mean `gadget`?"),
    ];
    for (task, what) in cases {
        for (argument, name) in
            [(None, "TASK"), (Some("--filter"), "--filter"), (Some("-e"), "--expr")]
        {
            let mut arguments = vec!["--range", "0..3"];
            arguments.extend(argument);
            arguments.push(task);
            let said = format!("pmap: invalid value for {name}: {what}\n    {task}\n    ^\n");
            library.run(&arguments).expect(2, b"", &said);
        }
    }
}

#[test]
fn too_many_libraries() {
    let arguments: Vec<&str> = ["--plugin", "/nowhere"].repeat(65);
    let said =
        "pmap: --plugin is given more than 64 times\nput the functions into fewer libraries\n";
    pmap(&arguments).run().expect(2, b"", said);
}
