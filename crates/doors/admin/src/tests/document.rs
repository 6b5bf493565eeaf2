//! docs/api/openapi.json is what the code says.

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../docs/api/openapi.json");

#[test]
fn the_kept_document_is_what_the_code_says() {
    let document = crate::openapi();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(std::path::Path::new(KEPT).parent().unwrap()).unwrap();
        std::fs::write(KEPT, &document).unwrap();
    }
    let kept = std::fs::read_to_string(KEPT).unwrap_or_default();
    assert!(kept == document, "docs/api/openapi.json is out of date: run this test with UPDATE_GOLDEN=1");
}

#[tokio::test]
async fn it_is_served_to_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let desk = super::Desk::open(postroom_store::testing::on_sqlite(folder.path()).await).await;
    let served = desk.ask_as(None, false, "GET /openapi.json", None).await;
    assert_eq!(served.json()["openapi"], "3.1.0");
    assert_eq!(served.json()["paths"]["/users"]["get"]["operationId"], "listUsers");
}
