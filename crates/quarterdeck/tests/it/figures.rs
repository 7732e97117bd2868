use std::process::Command;

#[test]
fn the_bench_prints_every_figure_by_its_name_and_fails_only_when_one_is_missed() {
    let output = Command::new(env!("CARGO_BIN_EXE_quarterdeck"))
        .args(["bench", "--only=start,pages,sending", "--emails=300", "--runs=1"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let figures: Vec<serde_json::Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is an object"))
        .collect();
    let names: Vec<_> = figures.iter().map(|figure| figure["name"].as_str().unwrap().to_owned()).collect();

    let mut expected = ["start_to_ready", "idle_memory", "first_load_javascript"].map(str::to_owned).to_vec();
    for database in ["sqlite", "postgres"] {
        expected.push(format!("{database}_write_300_emails"));
        for folder in ["delivered", "undelivered", "scheduled"] {
            expected.extend(["p50", "p99"].map(|which| format!("{database}_first_page_{folder}_{which}")));
        }
    }
    expected.extend(["ceiling", "relay"].map(|sender| format!("sending_{sender}_rate")));
    for (database, figures) in [
        ("sqlite", ["rate", "of_ceiling", "of_relay", "processor_time", "peak_memory"]),
        ("postgres", ["rate", "of_sqlite", "processor_time", "processor_time_of_postgres", "peak_memory"]),
    ] {
        expected.extend(figures.map(|figure| format!("{database}_sending_{figure}")));
    }
    assert_eq!(names, expected, "{said}");
    assert!(figures.iter().all(|figure| figure["value"].as_f64().unwrap() > 0.0), "{figures:?}");
    // A debug build on a busy machine may miss a goal; it must say so.
    assert_eq!(output.status.success(), figures.iter().all(|figure| figure["met"] != false), "{said}");
}
