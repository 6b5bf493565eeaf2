//! What the OpenAPI document says about all endpoints: title, sign-in, and how refusals look.

use crate::problem::Problem;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response};
use utoipa::{OpenApi as _, ToSchema};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Postroom",
        description = "Domains, users, shared mailboxes, roles and grants of one organisation. Programs sign in with \
            HTTP Basic: login name or address, and the account's password or an application password (only the latter \
            where a second factor is set), or with an OAuth access token of the scope `api`. Browsers begin a \
            session; in it, requests that change something carry the header `X-Postroom`. Every refusal is \
            `application/problem+json` and names the field it is about. What somebody has no right on does not \
            exist for them: it is answered with 404.",
        license(name = "Apache-2.0 OR MIT"),
    ),
    servers((url = "/api/v1")),
    components(schemas(Problem)),
)]
struct Frame;

/// What stands around the endpoints.
pub(crate) fn frame() -> OpenApi {
    let mut document = Frame::openapi();
    document.info.contact = None;
    document
}

/// Adds to every endpoint what holds for all: the sign-in, and the shape of refusals.
pub(crate) fn complete(mut document: OpenApi) -> OpenApi {
    let basic = SecurityScheme::Http(Http::new(HttpAuthScheme::Basic));
    let cookie = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
        "__Host-postroom",
        "set by `beginSession`; on loopback without TLS its name is `postroom`",
    )));
    let schemes = &mut document.components.get_or_insert_default().security_schemes;
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let known = [("basic", basic), ("bearer", bearer), ("session", cookie)];
    schemes.extend(known.map(|(name, scheme)| (name.to_owned(), RefOr::T(scheme))));
    let no_scopes: [&str; 0] = [];
    let ways = ["basic", "bearer", "session"];
    document.security = Some(ways.map(|way| SecurityRequirement::new(way, no_scopes)).into());
    for item in document.paths.paths.values_mut() {
        let operations =
            [&mut item.get, &mut item.put, &mut item.post, &mut item.patch, &mut item.delete].into_iter().flatten();
        for operation in operations {
            operation.responses.responses.insert("default".to_owned(), RefOr::T(refusal()));
        }
    }
    document
}

fn refusal() -> Response {
    let mut response = Response::new("A refusal: what is wrong, and the field it is about.");
    let problem = Content::new(Some(Ref::from_schema_name(Problem::name())));
    response.content.insert("application/problem+json".to_owned(), RefOr::T(problem));
    response
}
