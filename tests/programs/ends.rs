//! How programs end, and what is said about it.

use std::os::unix::fs::PermissionsExt;

use crate::support::pmap;

#[test]
fn exit_codes_and_signals_are_named() {
    let script = r#"case $1 in s*) kill -${1#s} $$;; *) exit $1;; esac"#;
    let words = [
        "-w", "1", "--shell", "--", script, ":::", "0", "1", "127", "255", "sTERM", "sKILL",
        "sSEGV",
    ];
    let says = "pmap: item 1 (input 1): exited with code 1\n\
                pmap: item 2 (input 127): exited with code 127\n\
                pmap: item 3 (input 255): exited with code 255\n\
                pmap: item 4 (input sTERM): killed by SIGTERM\n\
                pmap: item 5 (input sKILL): killed by SIGKILL\n\
                pmap: item 6 (input sSEGV): killed by SIGSEGV\n";
    pmap(&words).run().expect(1, b"", says);
}

/// Commands are not tried again, unless that is asked for; then as often as that, and they may succeed at last.
#[test]
fn retries_are_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let tries = |extra: &[&str], successes_at: &str| {
        let log = folder.path().join(format!("{}-{successes_at}", extra.join("")));
        let script =
            format!(r#"echo x >> {0}; [ $(wc -l < {0}) -ge {successes_at} ]"#, log.display());
        let ended = pmap(&[extra, &["--shell", "--", &script, ":::", "i"]].concat()).run();
        let log = std::fs::read_to_string(log).expect("it was started");
        (log.lines().count(), ended.status.code(), ended.stderr)
    };
    let fails = |attempts: &str| format!("pmap: item 0 (input i): exited with code 1{attempts}\n");
    assert_eq!(tries(&[], "9"), (1, Some(1), fails("")));
    assert_eq!(tries(&["--retries=3"], "9"), (4, Some(1), fails(" (attempt 4 of 4)")));
    assert_eq!(tries(&["--retries=3"], "3"), (3, Some(0), String::new()));
    assert_eq!(tries(&["--retries=1", "--retry-on=death"], "9"), (1, Some(1), fails("")));
}

#[test]
fn enough_failures_halt_a_run() {
    let words =
        ["-w", "1", "--halt", "now,fail=1", "--shell", "--", "exit $1", ":::", "0", "1", "0", "0"];
    let ended = pmap(&words).run();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert!(
        ended.stderr.starts_with("pmap: item 1 (input 1): exited with code 1\n"),
        "{}",
        ended.stderr
    );
}

/// Found when it is to be started; the run goes on.
#[test]
fn a_program_that_cannot_be_started_fails_its_item() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("no-program");
    std::fs::write(&file, "neither a script nor a program").expect("a file");
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o755)).expect("a file");
    let file = file.to_str().expect("text");
    let ended = pmap(&["-w", "1", "--", "{}", ":::", "true", "/none", file, "true"]).run();
    assert_eq!(ended.status.code(), Some(1));
    let said: Vec<_> = ended.stderr.lines().collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[0].contains("cannot start '/none': No such file or directory"), "{said:?}");
    assert!(said[1].contains("Exec format error"), "{said:?}");
}

/// Beyond the three that everybody has, none; and no signal is blocked or ignored. (The C library ignores two of its
/// own, 32 and 33, in what it starts.)
#[test]
fn programs_inherit_no_descriptor_and_no_disposition() {
    let script =
        r#"set -- /proc/self/fd/*; echo $#; exec grep -E '^Sig(Blk|Ign)' /proc/self/status"#;
    let ended = pmap(&["-w", "1", "--shell", "--", script, ":::", "x"]).run();
    let text = String::from_utf8(ended.stdout).expect("text");
    let fields: Vec<_> = text.split_whitespace().collect();
    // The fourth is the folder that is looked at.
    let [count, "SigBlk:", blocked, "SigIgn:", ignored] = fields[..] else { panic!("{text}") };
    let ignored = u64::from_str_radix(ignored, 16).expect("a set of signals");
    assert_eq!((count, blocked, ignored & 0x7fff_ffff), ("4", "0000000000000000", 0));
}

/// A limit holds for each of an item's processes.
#[test]
fn processor_time_is_limited() {
    let ended =
        pmap(&["--cpu-time", "1s", "--shell", "--", "while :; do :; done", ":::", "x"]).run();
    let said = ended.said();
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("used more time on a core than --cpu-time allows"), "{said:?}");
}
