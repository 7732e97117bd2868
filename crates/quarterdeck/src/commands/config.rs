//! `quarterdeck config`.

use crate::configuration::Configuration;

pub(super) fn run(configuration: &Configuration) {
    let lines = configuration.shown();
    let width = |column: fn(&(&str, String, &_)) -> usize| lines.iter().map(column).max().unwrap_or(0);
    let (names, values) = (width(|line| line.0.len()), width(|line| line.1.len()));
    for (name, value, source) in &lines {
        println!("{name:names$}  {value:values$}  {source}");
    }
}
