use std::path::Path;
use std::process::{Command, Output};

use testbed::postgres::{Cluster, fresh_database};

fn query(url: &str, sql: &str) -> Output {
    Command::new("psql").args(["--no-psqlrc", "--tuples-only", "--no-align", url, "--command", sql]).output().unwrap()
}

fn answer(url: &str, sql: &str) -> String {
    let output = query(url, sql);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn socket_folder(url: &str) -> &Path {
    let (_, rest) = url.split_once("host=").unwrap();
    Path::new(rest.split_once('&').unwrap().0)
}

#[test]
fn a_fresh_database_is_empty_and_shared_with_nobody() {
    let (one, other) = (fresh_database(), fresh_database());
    answer(&one, "CREATE TABLE boats (name TEXT)");
    assert_eq!(answer(&one, "SELECT count(*) FROM boats"), "0");
    assert!(!query(&other, "SELECT count(*) FROM boats").status.success());
}

#[test]
fn the_socket_has_a_path_that_the_kernel_accepts() {
    let url = fresh_database();
    let socket = socket_folder(&url).join(".s.PGSQL.5432");
    assert!(socket.exists());
    assert!(socket.as_os_str().len() <= 107);
}

#[test]
fn a_stopped_cluster_answers_no_more() {
    let cluster = Cluster::start();
    let url = cluster.create_database();
    cluster.stop();
    assert!(!query(&url, "SELECT 1").status.success());
}

#[test]
fn a_durable_cluster_that_was_stopped_as_by_a_crash_comes_back_with_what_was_committed() {
    let cluster = Cluster::durable();
    let url = cluster.create_database();
    answer(&url, "CREATE TABLE boats AS SELECT 'Argo' AS name");
    cluster.stop();
    cluster.start_again();
    assert_eq!(answer(&url, "SELECT name FROM boats"), "Argo");
}

#[test]
fn a_dropped_cluster_leaves_nothing_behind() {
    let cluster = Cluster::start();
    let url = cluster.create_database();
    assert!(socket_folder(&url).exists());
    drop(cluster);
    assert!(!socket_folder(&url).exists());
}
