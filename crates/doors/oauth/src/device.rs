//! `/oauth/device`: a person types the code that a device shows (RFC 8628 section 3.3).

pub(crate) mod answer;
pub(crate) mod ask;

use crate::page::{self, Page};
use axum::http::StatusCode;
use maud::html;
use postroom_directory::oauth::DeviceError;

/// The form for the code, once more if it was wrong.
fn form(status: StatusCode, typed: &str, wrong: Option<&str>) -> Page {
    let main = html! {
        @if let Some(wrong) = wrong { p role="alert" { (wrong) "." } }
        form method="get" action="/oauth/device" {
            label for="user_code" { "The code on the device" }
            input #user_code name="user_code" value=(typed) autocomplete="off" autocapitalize="characters"
                spellcheck="false" autofocus required;
            button { "Go on" }
        }
    };
    Page::new(status, "Let a device in", &main)
}

fn refused(why: &DeviceError, typed: &str) -> Page {
    match why {
        DeviceError::NotWaiting | DeviceError::NoScope => form(StatusCode::NOT_FOUND, typed, Some(&why.to_string())),
        DeviceError::Throttled(_) => form(StatusCode::TOO_MANY_REQUESTS, typed, Some(&why.to_string())),
        DeviceError::Store(error) => page::internal(&error.detail()),
    }
}
