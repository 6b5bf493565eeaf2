//! What the OpenAPI document says about all endpoints: title, sign-in, and how refusals look.

use crate::problem::Problem;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response};
use utoipa::{OpenApi as _, ToSchema};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Postroom",
        description = "Domains, users, shared mailboxes, roles and grants of one organisation. Sign in with HTTP Basic: \
            login name or address, and the account's password or an application password. Every refusal is \
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
    document.components.get_or_insert_default().security_schemes.insert("basic".to_owned(), RefOr::T(basic));
    let no_scopes: [&str; 0] = [];
    document.security = Some(vec![SecurityRequirement::new("basic", no_scopes)]);
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
