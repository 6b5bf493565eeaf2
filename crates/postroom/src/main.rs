//! The program. Everything else is in the library of the same name.

use clap::Parser;
use std::process::ExitCode;

// Idle memory and the cost of many small pieces decide here; see bench/RESULTS.md.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    let cli = postroom::Cli::parse();
    // Databases, content and keys are for the owner of the process alone, wherever they are made.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: the runtime cannot be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    let status = runtime.block_on(postroom::run(cli));
    // Blocking work that is still under way has nobody left to answer to.
    runtime.shutdown_background();
    ExitCode::from(status)
}
