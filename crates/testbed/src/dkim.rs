//! Signatures looked at by somebody else: dkimpy, Debian's python3-dkim.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use crate::or_fail;

/// Prints a line for each signature: its algorithm, its domain, and whether it holds.
const SCRIPT: &str = r#"
import sys, dkim
records = {}
for line in sys.argv[1:]:
    name, value = line.split("=", 1)
    records[name] = value.encode()
message = sys.stdin.buffer.read()
look_up = lambda name, timeout=5: records.get(name.decode().rstrip("."))
count = sum(1 for name, _ in dkim.rfc822_parse(message)[0] if name.lower() == b"dkim-signature")
for index in range(count):
    checked = dkim.DKIM(message)
    try:
        holds = checked.verify(idx=index, dnsfunc=look_up)
    except dkim.DKIMException as error:
        holds = error
    fields = checked.signature_fields
    print(fields.get(b"a", b"?").decode(), fields.get(b"d", b"?").decode(), holds)
"#;

/// One line for each signature of `message`, such as `rsa-sha256 shop.example True`, with what `records` publish: names and
/// texts.
#[track_caller]
pub fn verify(message: &[u8], records: &[(String, String)]) -> Vec<String> {
    or_fail(run(message, records))
}

fn run(message: &[u8], records: &[(String, String)]) -> Result<Vec<String>, String> {
    let failed = |error: std::io::Error| format!("python3-dkim cannot be asked: {error}");
    let mut asked = Command::new("/usr/bin/python3")
        .args(["-c", SCRIPT])
        .args(records.iter().map(|(name, value)| format!("{name}={value}")))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    asked.stdin.take().map_or(Ok(()), |mut input| input.write_all(message)).map_err(failed)?;
    let answered = asked.wait_with_output().map_err(failed)?;
    if !answered.status.success() {
        let said = String::from_utf8_lossy(&answered.stderr);
        return Err(format!("python3-dkim failed; is Debian's package installed? {said}"));
    }
    Ok(String::from_utf8_lossy(&answered.stdout).lines().map(str::to_owned).collect())
}
