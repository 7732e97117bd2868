//! For every operation of the API: what each kind of caller gets. An operation that the table does not know fails the test.

mod fixture;
mod table;

use axum::http::Method;
use serde_json::Value;

use fixture::Fixture;
use table::{CALLERS, Row, rows};

#[tokio::test]
async fn every_operation_answers_each_caller_as_the_table_says() {
    let fixture = Fixture::new().await;
    let mut surprises = Vec::new();
    for row in rows() {
        let mut heard = Vec::new();
        for caller in CALLERS {
            heard.push(fixture.answer(caller, &row).await);
        }
        if heard != row.expected {
            surprises.push(format!("{} {}\n  expected {:?}\n  heard    {heard:?}", row.method, row.path, row.expected));
        }
    }
    assert!(surprises.is_empty(), "callers: {CALLERS:?}\n{}", surprises.join("\n"));
}

#[test]
fn the_table_knows_every_operation_and_no_other() {
    let rows = rows();
    let operations = operations();
    let is = |row: &Row, (method, template): &(Method, String)| row.method == *method && fits(template, &row.path);
    let unknown: Vec<_> = operations.iter().filter(|operation| !rows.iter().any(|row| is(row, operation))).collect();
    assert!(unknown.is_empty(), "say in the table what callers get: {unknown:#?}");
    for row in &rows {
        let known = operations.iter().any(|operation| is(row, operation));
        assert!(known, "there is no such operation: {} {}", row.method, row.path);
    }
}

#[tokio::test]
async fn a_field_that_nobody_reads_is_refused_by_every_operation() {
    let fixture = Fixture::new().await;
    let rows: Vec<Row> = rows().into_iter().filter(|row| row.body.starts_with('{')).collect();
    let untried: Vec<_> = takes_json()
        .into_iter()
        .filter(|(method, path)| !rows.iter().any(|row| row.method == *method && fits(path, &row.path)))
        .collect();
    assert!(untried.is_empty(), "give the table a row with a body: {untried:#?}");
    for row in rows {
        let (status, problem) = fixture.answer_to_unknown(&row, "sent_at").await;
        let said = problem["title"].as_str().unwrap_or_default();
        assert!(status == 422 && said.contains("\"sent_at\""), "{} {}: {status} {problem}", row.method, row.path);
    }
}

/// Method and path of every operation whose body is JSON.
fn takes_json() -> Vec<(Method, String)> {
    let description = serde_json::to_value(web::openapi()).unwrap();
    let takes_json = |(method, path): &(Method, String)| {
        let operation = &description["paths"][format!("/api/v1{path}")][method.as_str().to_lowercase()];
        operation["requestBody"]["content"].get("application/json").is_some()
    };
    operations().into_iter().filter(takes_json).collect()
}

/// Method and path of every operation in the description of the API.
fn operations() -> Vec<(Method, String)> {
    let description = serde_json::to_value(web::openapi()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().into_iter().flat_map(serde_json::Map::keys) {
            if let Ok(method) = method.to_uppercase().parse::<Method>() {
                operations.push((method, path.strip_prefix("/api/v1").unwrap_or(path).to_owned()));
            }
        }
    }
    let description: &Value = &description;
    assert!(operations.len() > 60, "{description:#}");
    operations.retain(|(method, _)| method.as_str().chars().all(char::is_uppercase) && is_method(method));
    operations
}

/// Keys beside the methods (`parameters`, `summary`) are no methods.
fn is_method(method: &Method) -> bool {
    [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method)
}

/// Whether `/emails/$draft?x=1` is `/emails/{id}`.
fn fits(template: &str, path: &str) -> bool {
    let path = path.split('?').next().unwrap_or(path);
    let (template, path): (Vec<_>, Vec<_>) = (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template
            .iter()
            .zip(path)
            .all(|(wanted, given)| if wanted.starts_with('{') { given.starts_with('$') } else { *wanted == given })
}
