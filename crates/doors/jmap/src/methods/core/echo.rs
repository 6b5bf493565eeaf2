//! `Core/echo`: answers with its arguments.

use crate::arguments::Arguments;
use crate::error::Answer;
use crate::turn::Turn;

pub(crate) async fn run(_: &mut Turn, arguments: Arguments) -> Answer {
    Ok(arguments.whole())
}
