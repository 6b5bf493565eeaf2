//! `GET /api/v1/rights`

use crate::Caller;
use crate::words::RightWord;
use axum::Json;
use postroom_model::{Preset, Right};
use serde::Serialize;
use utoipa::ToSchema;

/// What can be granted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Rights {
    rights: Vec<RightInWords>,
    presets: Vec<PresetInWords>,
}

#[derive(Debug, Serialize, ToSchema)]
struct RightInWords {
    #[schema(value_type = RightWord)]
    right: &'static str,
    /// What it gives, in words.
    #[schema(example = "read messages")]
    gives: &'static str,
    /// Whether it can be granted for single folders.
    narrowable: bool,
}

/// A name for a set of rights. A grant stores the rights.
#[derive(Debug, Serialize, ToSchema)]
struct PresetInWords {
    #[schema(example = "agent")]
    name: &'static str,
    #[schema(value_type = Vec<RightWord>)]
    rights: Vec<&'static str>,
}

/// All rights, in the order of the documentation, and the presets.
#[utoipa::path(
    get, path = "/rights", tag = "grants", operation_id = "listRights",
    responses((status = 200, body = Rights)),
)]
pub(crate) async fn rights(_: Caller) -> Json<Rights> {
    let right = |right: Right| RightInWords {
        right: right.as_str(),
        gives: right.gives(),
        narrowable: right.can_be_narrowed(),
    };
    let preset = |preset: Preset| PresetInWords { name: preset.as_str(), rights: preset.rights().names() };
    Json(Rights { rights: Right::ALL.map(right).into(), presets: Preset::ALL.map(preset).into() })
}
