//! `quarterdeck classify`.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

const BOUNCE: &str = "From: MAILER-DAEMON@mx.example\r\nTo: bo@sender.example\r\nSubject: failure notice\r\n\r\n\
    <ana@recipient.example>:\r\n550 5.1.1 no such user\r\n";
const REPLY: &str = "From: ana@recipient.example\r\nIn-Reply-To: <1@sender.example>\r\nSubject: Re: Hello\r\n\r\n\
    Thursday is fine.\r\n";

fn classify(files: &[&Path], input: &str) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_quarterdeck"))
        .arg("classify")
        .args(files)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    program.wait_with_output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn classify_prints_one_object_a_message_and_goes_on_where_a_file_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let (bounce, missing, reply) = (folder.path().join("1"), folder.path().join("missing"), folder.path().join("2"));
    std::fs::write(&bounce, BOUNCE).unwrap();
    std::fs::write(&reply, REPLY).unwrap();

    let output = classify(&[&bounce, &missing, &reply], "");
    let said = lines(&output);
    assert_eq!((output.status.code(), said.len()), (Some(1), 2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("missing"), "{output:?}");

    let keys: Vec<_> = said[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["evidence", "file", "kind", "recipients", "reply_text", "return_date"]);
    assert_eq!((said[0]["file"].as_str(), said[0]["kind"].as_str()), (bounce.to_str(), Some("hard_bounce")));
    let recipient = serde_json::json!({
        "address": "ana@recipient.example",
        "kind": "hard_bounce",
        "status": "5.1.1",
        "code": 550,
        "reason": "550 5.1.1 no such user",
    });
    assert_eq!(said[0]["recipients"], serde_json::json!([recipient]));
    assert_eq!((said[1]["kind"].as_str(), said[1]["reply_text"].as_str()), (Some("reply"), Some("Thursday is fine.")));
}

#[test]
fn classify_reads_the_standard_input() {
    let output = classify(&[Path::new("-")], BOUNCE);
    assert!(output.status.success());
    assert_eq!(lines(&output)[0]["kind"], "hard_bounce");
}
